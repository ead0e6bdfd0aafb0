export async function setUpAll(): Promise<void> {}
