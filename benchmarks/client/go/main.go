// A virtual user in Go: what packages/client is measured against.
//
// It does the same work per frame: read, encode as base64, post, read the whole answer, read what the JSON
// says, append a line to a journal; at the end it prints the report.
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"time"
)

type answer struct {
	Faces        []json.RawMessage `json:"faces"`
	MlSeconds    float64           `json:"mlSeconds"`
	TotalSeconds float64           `json:"totalSeconds"`
	Backend      string            `json:"backend"`
	Replica      string            `json:"replica"`
}

type row struct {
	Sequence         int     `json:"sequence"`
	Frame            string  `json:"frame"`
	StartEpochMicros int64   `json:"startEpochMicros"`
	RoundTripSeconds float64 `json:"roundTripSeconds"`
	WaitSeconds      float64 `json:"waitSeconds"`
	ReceiveSeconds   float64 `json:"receiveSeconds"`
	Status           int     `json:"status"`
	SentBytes        int     `json:"sentBytes"`
	ReceivedBytes    int     `json:"receivedBytes"`
	HandlerSeconds   float64 `json:"handlerSeconds"`
	MlSeconds        float64 `json:"mlSeconds"`
	Faces            int     `json:"faces"`
	Outcome          string  `json:"outcome"`
}

func main() {
	url := flag.String("url", "", "the function")
	folder := flag.String("frames", "", "folder of frames")
	count := flag.Int("count", 37, "frames to send")
	think := flag.Float64("think-time", 0, "seconds between frames")
	journalFile := flag.String("journal", "", "file for one line per frame")
	hello := flag.Bool("version", false, "print the version")
	flag.Parse()
	if *hello {
		fmt.Println("go client")
		return
	}
	entries, err := os.ReadDir(*folder)
	check(err)
	var names []string
	for _, entry := range entries {
		if strings.HasSuffix(entry.Name(), ".jpg") {
			names = append(names, entry.Name())
		}
	}
	sort.Strings(names)
	journal := io.Discard
	if *journalFile != "" {
		file, err := os.Create(*journalFile)
		check(err)
		defer file.Close()
		journal = file
	}
	transport := &http.Transport{ReadBufferSize: 64 << 10, WriteBufferSize: 64 << 10}
	client := &http.Client{Timeout: 25 * time.Second, Transport: transport}
	var rows []row
	for sequence := 1; sequence <= *count; sequence++ {
		name := names[(sequence-1)%len(names)]
		picture, err := os.ReadFile(filepath.Join(*folder, name))
		check(err)
		body := make([]byte, base64.StdEncoding.EncodedLen(len(picture)))
		base64.StdEncoding.Encode(body, picture)
		if sequence > 1 {
			time.Sleep(time.Duration(*think * float64(time.Second)))
		}
		result := send(client, *url, body)
		result.Sequence, result.Frame = sequence, name
		line, err := json.Marshal(result)
		check(err)
		_, err = journal.Write(append(line, '\n'))
		check(err)
		rows = append(rows, result)
	}
	report(rows)
}

func send(client *http.Client, url string, body []byte) row {
	request, err := http.NewRequest("POST", url, bytes.NewReader(body))
	check(err)
	request.Header.Set("Content-Type", "text/plain")
	request.Header.Set("Accept", "application/json")
	start := time.Now()
	result := row{StartEpochMicros: start.UnixMicro(), SentBytes: len(body), Outcome: "connection-closed"}
	response, err := client.Do(request)
	if err != nil {
		result.RoundTripSeconds = time.Since(start).Seconds()
		return result
	}
	head := time.Since(start)
	data := make([]byte, max(0, response.ContentLength))
	if response.ContentLength >= 0 {
		_, err = io.ReadFull(response.Body, data)
	} else {
		data, err = io.ReadAll(response.Body)
	}
	end := time.Since(start)
	response.Body.Close()
	result.RoundTripSeconds, result.WaitSeconds, result.ReceiveSeconds = end.Seconds(), head.Seconds(), (end - head).Seconds()
	result.Status, result.ReceivedBytes = response.StatusCode, len(data)
	if err != nil {
		return result
	}
	var said answer
	if response.StatusCode != 200 {
		result.Outcome = "http-error"
	} else if rest := withoutImage(data); rest == nil || json.Unmarshal(rest, &said) != nil {
		result.Outcome = "bad-response"
	} else {
		result.Outcome = "ok"
		result.MlSeconds, result.HandlerSeconds, result.Faces = said.MlSeconds, said.TotalSeconds, len(said.Faces)
	}
	return result
}

// withoutImage leaves out the picture's base64, nine tenths of the answer; nil where there is none.
func withoutImage(data []byte) []byte {
	const key = `"image":"`
	start := bytes.Index(data, []byte(key))
	if start < 0 {
		return nil
	}
	start += len(key)
	size := bytes.IndexByte(data[start:], '"')
	if size <= 0 {
		return nil
	}
	return append(append([]byte(nil), data[:start]...), data[start+size:]...)
}

func report(rows []row) {
	var ml, handler, roundTrips []string
	for _, result := range rows {
		if result.Outcome == "ok" {
			ml = append(ml, "'"+number(result.MlSeconds)+"'")
			handler = append(handler, "'"+number(result.HandlerSeconds)+"'")
		}
		roundTrips = append(roundTrips, number(result.RoundTripSeconds))
	}
	fmt.Printf("Elapsed ML time in the handler: \n[%s]\n", strings.Join(ml, ", "))
	fmt.Printf("Elapsed total time in the handler: \n[%s]\n", strings.Join(handler, ", "))
	fmt.Printf("Elapsed round trip time in the client: \n[%s]\n", strings.Join(roundTrips, ", "))
	line, err := json.Marshal(map[string]any{"schema": "slbench.client-report/1", "frames": rows})
	check(err)
	fmt.Println(string(line))
}

func number(value float64) string { return strconv.FormatFloat(value, 'g', -1, 64) }

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
