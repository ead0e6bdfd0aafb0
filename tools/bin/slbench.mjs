#!/usr/bin/env node
import { runBuilt, runSources } from "./bootstrap.mjs";

if (!(await runBuilt())) runSources();
