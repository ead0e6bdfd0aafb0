import { ensureNativeTensorflow, type NativeTensorflow } from "./tensorflow.ts";

export interface SetUp {
  readonly tensorflow: NativeTensorflow;
}

/** Sets up whatever is missing; a second call finds everything in place. */
export async function setUpAll(): Promise<SetUp> {
  const tensorflow = await ensureNativeTensorflow();
  return { tensorflow };
}
