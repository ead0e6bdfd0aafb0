/** `1 user`, `4 users`. */
export const usersInWords = (users: number): string => `${users} ${users === 1 ? "user" : "users"}`;

/** A ratio as `97.3 %`. */
export const percentInWords = (ratio: number): string => `${(100 * ratio).toFixed(1)} %`;
