import type { Command } from "commander";

export function registerGenerate(program: Command): void {
  program.command("generate <experiment>").description("Write one JMeter plan per cell");
}
