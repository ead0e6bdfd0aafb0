import { z } from "zod";

/** A day: neither a pause nor a time limit of an experiment is longer. */
export const MAX_SECONDS = 86_400;
/** Entries of one list. */
export const MAX_LIST = 1000;

export const seconds = z.number().nonnegative().max(MAX_SECONDS);
export const positiveSeconds = z.number().positive().max(MAX_SECONDS);
export const whole = z.number().int().positive();
export const countFromZero = z.number().int().nonnegative();
export const path = z.string().min(1).max(1000);
