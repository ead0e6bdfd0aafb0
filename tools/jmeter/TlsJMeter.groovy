import groovy.transform.CompileStatic
import java.rmi.registry.LocateRegistry
import java.rmi.server.RMISocketFactory
import java.security.KeyStore
import javax.net.ssl.KeyManagerFactory
import javax.net.ssl.SSLContext
import javax.net.ssl.SSLServerSocket
import javax.net.ssl.TrustManagerFactory
import org.apache.jmeter.NewDriver

/**
 * Starts JMeter with mutual TLS on every RMI socket of the process, see docs/decisions/rmi-ports.md.
 *
 * Server sockets are bound to -Djava.rmi.server.hostname only; Java's own would listen on every address.
 * -Dslbench.rmi names a properties file with `keystore` (PKCS#12, relative to that file) and `password`. Without it,
 * the sockets are plain (jmeter.rmi: insecure). JMeter must run with server.rmi.ssl.disable=true, so that it does not
 * replace this socket factory. If anything here fails, JMeter does not start.
 */
@CompileStatic
final class TlsJMeter extends RMISocketFactory {
  private final SSLContext context
  private final InetAddress address

  private TlsJMeter(SSLContext context, InetAddress address) {
    this.context = context
    this.address = address
  }

  @Override
  Socket createSocket(String host, int port) throws IOException {
    if (context == null) {
      return new Socket(host, port)
    }
    return context.socketFactory.createSocket(host, port)
  }

  @Override
  ServerSocket createServerSocket(int port) throws IOException {
    if (context == null) {
      return new ServerSocket(port, 0, address)
    }
    SSLServerSocket socket = (SSLServerSocket) context.serverSocketFactory.createServerSocket(port, 0, address)
    socket.needClientAuth = true
    return socket
  }

  static void main(String[] args) {
    install()
    NewDriver.main(args)
  }

  static void install() {
    String keys = System.getProperty("slbench.rmi")
    InetAddress address = InetAddress.getByName(System.getProperty("java.rmi.server.hostname"))
    setSocketFactory(new TlsJMeter(keys == null ? null : tls(new File(keys).absoluteFile), address))
  }

  private static SSLContext tls(File file) {
    Properties keys = new Properties()
    InputStream text = new FileInputStream(file)
    try {
      keys.load(text)
    } finally {
      text.close()
    }
    char[] password = keys.getProperty("password").toCharArray()
    KeyStore store = KeyStore.getInstance("PKCS12")
    InputStream bytes = new FileInputStream(new File(file.parentFile, keys.getProperty("keystore")))
    try {
      store.load(bytes, password)
    } finally {
      bytes.close()
    }
    KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.defaultAlgorithm)
    own.init(store, password)
    TrustManagerFactory others = TrustManagerFactory.getInstance(TrustManagerFactory.defaultAlgorithm)
    others.init(store)
    SSLContext context = SSLContext.getInstance("TLS")
    context.init(own.keyManagers, others.trustManagers, null)
    return context
  }
}

/**
 * Ends the tests of workers, given as `host port host port …`, whose controller has died or given up. A worker accepts
 * no other test until its clients have ended; JMeter interrupts the samplers, which end them.
 */
final class StopTest {
  static void main(String[] args) {
    TlsJMeter.install()
    for (int i = 0; i + 1 < args.length; i += 2) {
      try {
        LocateRegistry.getRegistry(args[i], Integer.parseInt(args[i + 1])).lookup("JMeterEngine").rstopTest(true)
      } catch (Exception problem) {
        System.err.println(args[i] + " " + args[i + 1] + ": " + problem)
      }
    }
    System.exit(0)
  }
}
