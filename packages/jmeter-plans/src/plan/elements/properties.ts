import type { Element } from "../xml.ts";

/** `<stringProp name="…">text</stringProp>` */
export const stringProp = (name: string, text: string | number): Element => ({
  tag: "stringProp",
  attributes: { name },
  text: String(text),
});

export const boolProp = (name: string, value: boolean): Element => ({
  tag: "boolProp",
  attributes: { name },
  text: String(value),
});

/** A list of arguments (`Arguments`) as a property; a row is a name, empty for a process's argument, and a value. */
export function argumentsProp(
  name: string,
  values: readonly (readonly [name: string, value: string])[],
): Element {
  const rows = values.map(
    ([key, value]): Element => ({
      tag: "elementProp",
      attributes: { name: key, elementType: "Argument" },
      children: [
        stringProp("Argument.name", key),
        stringProp("Argument.value", value),
        stringProp("Argument.metadata", "="),
      ],
    }),
  );
  return {
    tag: "elementProp",
    attributes: {
      name,
      elementType: "Arguments",
      guiclass: "ArgumentsPanel",
      testclass: "Arguments",
      testname: "User Defined Variables",
      enabled: "true",
    },
    children: [{ tag: "collectionProp", attributes: { name: "Arguments.arguments" }, children: rows }],
  };
}

/** Attributes that every JMeter element has. */
export const elementAttributes = (guiclass: string, testclass: string, testname: string) => ({
  guiclass,
  testclass,
  testname,
  enabled: "true",
});
