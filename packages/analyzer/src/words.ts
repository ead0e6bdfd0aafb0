/** `1 user`, `4 users`. */
export const formatUsers = (users: number): string => `${users} ${users === 1 ? "user" : "users"}`;

/** A ratio as `97.3 %`. */
export const formatPercent = (ratio: number): string => `${(100 * ratio).toFixed(1)} %`;
