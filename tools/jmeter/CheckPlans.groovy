import org.apache.jmeter.save.SaveService
import org.apache.jmeter.testelement.TestElement
import org.apache.jmeter.threads.JMeterContextService
import org.apache.jmeter.threads.JMeterVariables
import org.apache.jmeter.engine.PreCompiler
import org.apache.jmeter.util.JMeterUtils
import org.apache.jorphan.collections.HashTree

/*
 * Checks plans without running them: loads each with JMeter's own loader, passes every element to its GUI class,
 * and compiles the functions. Prints one line per plan: index, a tab, and `ok` or the error. It is a script, so that
 * it needs only JMeter's jars and a JRE.
 */
JMeterUtils.setJMeterHome(System.getProperty("jmeter.home"))
JMeterUtils.loadJMeterProperties(JMeterUtils.getJMeterBinDir() + "/jmeter.properties")
JMeterUtils.initLocale()

void show(HashTree tree) {
  tree.list().each { element ->
    def drawn = Class.forName(element.getPropertyAsString(TestElement.GUI_CLASS)).getDeclaredConstructor().newInstance()
    drawn.configure(element)
    show(tree.getTree(element))
  }
}

args.eachWithIndex { file, index ->
  String verdict = "ok"
  try {
    HashTree tree = SaveService.loadTree(new File(file))
    show(tree)
    JMeterContextService.context.variables = new JMeterVariables()
    tree.traverse(new PreCompiler())
  } catch (Throwable e) {
    verdict = "${e.class.simpleName}: ${e.message}".readLines().first().take(200)
  }
  println "${index}\t${verdict}"
}
// The GUI classes have started threads that would keep Java alive.
System.exit(0)
