/** A request that failed within 3% of the time limit was cut by it; one that failed sooner failed of something else. */
export const NEAR_LIMIT = 0.97;
