/**
 * A text as YAML that stays a text, in a flow map (`{ a: b }`) too: `"1.0"`, `"true"`, `"/latency, ms"`.
 *
 * @example
 * ```ts
 * yamlText("/latency_ms"); // "/latency_ms"
 * ```
 */
export const yamlText = (text: string): string =>
  /^[/A-Za-z][\w/.-]*$/.test(text) && !/^(?:true|false|null)$/i.test(text) ? text : JSON.stringify(text);
