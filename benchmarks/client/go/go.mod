module slbench.local/go-client

go 1.21
