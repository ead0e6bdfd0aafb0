/// <reference lib="dom" />

/** Links open the section that they lead to, a button opens or closes all, and a printed page has all of them. */
export function connectFolding(sections: NodeListOf<HTMLDetailsElement>): void {
  const openTarget = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const section = target?.closest<HTMLDetailsElement>("details.section");
    if (section === null || section === undefined) return;
    section.open = true;
    section.scrollIntoView();
  };
  addEventListener("hashchange", openTarget);
  openTarget();
  openForPrint(sections);
  addButton(sections);
}

/** Opens everything before printing, and afterwards closes again what was closed. */
function openForPrint(sections: NodeListOf<HTMLDetailsElement>): void {
  let closed: readonly HTMLDetailsElement[] = [];
  addEventListener("beforeprint", () => {
    closed = [...sections].filter(({ open }) => !open);
    for (const section of closed) section.open = true;
  });
  addEventListener("afterprint", () => {
    for (const section of closed) section.open = false;
  });
}

function addButton(sections: NodeListOf<HTMLDetailsElement>): void {
  const [first] = sections;
  if (first === undefined) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "all";
  const areOpen = () => [...sections].every(({ open }) => open);
  const name = () => {
    button.textContent = areOpen() ? "Close all" : "Open all";
  };
  button.addEventListener("click", () => {
    const open = !areOpen();
    for (const section of sections) section.open = open;
  });
  // The event of one section does not bubble.
  for (const section of sections) section.addEventListener("toggle", name);
  name();
  first.before(button);
}
