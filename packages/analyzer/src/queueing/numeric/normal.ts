/** φ(z): density of the standard normal distribution. */
export function normalDensity(z: number): number {
  return Math.exp(-(z * z) / 2) / Math.sqrt(2 * Math.PI);
}

/** From here outwards the continued fraction is the better one. */
const TAIL = 5;

/**
 * Φ(z): distribution function of the standard normal, absolute error below 1e-15: curves of predictions have
 * to rise from one number of users to the next, also where they are nearly flat.
 *
 * Middle: Φ(z) = 1/2 + φ(z) (z + z³/3 + z⁵/(3·5) + …); tail: Laplace's continued fraction
 * Φ(−x) = φ(x) / (x + 1/(x + 2/(x + 3/(x + …)))).
 * @see Marsaglia 2004, Journal of Statistical Software 11(4); Abramowitz and Stegun 1964, formula 26.2.14
 */
export function normalCdf(z: number): number {
  if (z > 0) return 1 - normalCdf(-z);
  if (z < -TAIL) {
    if (z < -38) return 0; // below the smallest number
    let below = 0;
    for (let k = 60; k >= 1; k--) below = k / (-z + below);
    return normalDensity(z) / (-z + below);
  }
  let term = z;
  let sum = z;
  for (let k = 3; Math.abs(term) > 1e-17 * Math.abs(sum); k += 2) {
    term *= (z * z) / k;
    sum += term;
  }
  return 0.5 + normalDensity(z) * sum;
}
