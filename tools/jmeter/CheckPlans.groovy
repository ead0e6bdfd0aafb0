import org.apache.jmeter.save.SaveService
import org.apache.jmeter.testelement.TestElement
import org.apache.jmeter.threads.JMeterContextService
import org.apache.jmeter.threads.JMeterVariables
import org.apache.jmeter.engine.PreCompiler
import org.apache.jmeter.util.JMeterUtils
import org.apache.jorphan.collections.HashTree

/*
 * Loads plans with JMeter's own loader, shows every element to the class that draws it in JMeter's window,
 * and compiles the functions in them; starts nothing. Per plan a line on standard output: index, a tab,
 * and `ok` or what went wrong. It is a script, so that JMeter's jars and a JRE are all it needs.
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
// Drawing has started threads of the window system that would keep Java alive.
System.exit(0)
