import { defineConfig } from "vitepress";

/** Files outside docs/ are shown by the repository. */
const REPOSITORY = "https://github.com/slbench/slbench/blob/main/";

/** Pages whose wide tables need the room of the outline. */
const WIDE = [
  "performance.md",
  "calibration.md",
  "calibration-model.md",
  "comparison-streaming.md",
  "explanation/reports.md",
];

export default defineConfig({
  title: "slbench",
  description: "How many users does a serverless AI function serve, and where does the time go?",
  cleanUrls: true,
  head: [["link", { rel: "icon", href: "/favicon.svg" }]],
  rewrites: { "decisions/README.md": "decisions/index.md" },
  markdown: {
    // Tests read the fences of expressions and of error messages by these names; they have no colours.
    languages: [
      {
        name: "plain",
        aliases: ["bnf", "error", "filter", "goal", "threshold", "training"],
        scopeName: "text.plain",
        patterns: [],
        repository: {},
      },
    ],
    config(md) {
      const render =
        md.renderer.rules.link_open ??
        ((tokens, index, options, _, self) => self.renderToken(tokens, index, options));
      md.renderer.rules.link_open = (tokens, index, options, env, self) => {
        const link = tokens[index];
        const target = link?.attrGet("href") ?? "";
        const path = new URL(target, `file:///docs/${env.relativePath}`);
        if (!/^[a-z]+:/.test(target) && path.protocol === "file:" && !path.pathname.startsWith("/docs/"))
          link?.attrSet("href", `${REPOSITORY}${path.pathname.slice(1)}${path.hash}`);
        return render(tokens, index, options, env, self);
      };
    },
  },
  transformPageData({ relativePath, frontmatter }) {
    if (WIDE.includes(relativePath)) frontmatter.aside = false;
  },
  themeConfig: {
    search: { provider: "local" },
    outline: [2, 3],
    nav: [
      { text: "Tutorial", link: "/tutorial" },
      { text: "Reference", link: "/cli" },
      { text: "Decisions", link: "/decisions/" },
    ],
    sidebar: [
      {
        text: "Start",
        items: [
          { text: "What slbench is", link: "/" },
          { text: "Tutorial: your own function", link: "/tutorial" },
          { text: "What set-up brings", link: "/setup" },
        ],
      },
      {
        text: "How to",
        items: [
          { text: "Write an experiment file", link: "/how-to/experiment-file" },
          { text: "Find how many users are served", link: "/how-to/find-users" },
          { text: "Check goals in CI", link: "/how-to/ci" },
          { text: "Read any JMeter log", link: "/how-to/any-log" },
          { text: "Watch a run", link: "/how-to/watch" },
          { text: "Compare two versions", link: "/how-to/compare" },
          { text: "Reproduce a result elsewhere", link: "/how-to/reproduce" },
          { text: "Price a function", link: "/how-to/cost" },
          { text: "Measure cold starts and autoscaling", link: "/how-to/autoscaling" },
          { text: "Measure a streaming model", link: "/how-to/streaming" },
          { text: "Use several machines", link: "/several-machines" },
          { text: "Workers in containers", link: "/containers" },
          { text: "Workers in Kubernetes", link: "/kubernetes" },
          { text: "Choose the number of workers", link: "/scale" },
        ],
      },
      {
        text: "Explanation",
        items: [
          { text: "What an interval claims", link: "/explanation/statistics" },
          { text: "The search for the most users", link: "/find" },
          { text: "The queueing model", link: "/explanation/model" },
          { text: "JMeter's pitfalls", link: "/explanation/jmeter-pitfalls" },
          { text: "Reports, feature by feature", link: "/explanation/reports" },
          { text: "How often the claims hold", link: "/calibration" },
          { text: "How often the model is right", link: "/calibration-model" },
          { text: "Performance", link: "/performance" },
          { text: "Streaming times compared", link: "/comparison-streaming" },
        ],
      },
      {
        text: "Coming from",
        items: [
          { text: "JMeter's dashboard", link: "/migrate/jmeter-dashboard" },
          { text: "Taurus", link: "/migrate/taurus" },
          { text: "k6", link: "/migrate/k6" },
        ],
      },
      {
        text: "Reference",
        items: [
          { text: "Commands and options", link: "/cli" },
          { text: "The experiment file", link: "/experiment" },
          { text: "Expressions", link: "/expressions" },
          { text: "Errors and warnings", link: "/errors" },
          { text: "Files and formats", link: "/data-formats" },
          { text: "From code", link: "/api" },
          { text: "Every export", link: "/reference/" },
          { text: "Glossary", link: "/glossary" },
        ],
      },
      {
        text: "Project",
        items: [
          { text: "Architecture", link: "/architecture" },
          { text: "Decisions", link: "/decisions/" },
          { text: "Contributing", link: "/contributing" },
          { text: "Releases", link: "/releasing" },
        ],
      },
    ],
  },
});
