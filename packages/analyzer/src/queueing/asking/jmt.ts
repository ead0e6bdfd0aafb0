import type { ModelParameters } from "../station/parameters.ts";
import { serviceRate } from "../station/parameters.ts";

/**
 * Renders the model as a JMVA file for Java Modelling Tools: a closed class, a load-dependent station (service
 * time per queue length, total rate preserved) and a delay for think time and network.
 *
 * @see JMT User Manual, chapter JMVA: load-dependent stations give the service time for each queue length
 *
 * @example
 * ```ts
 * const clients = (users: number, seconds: number) =>
 *   Array.from({ length: users }, (_, client) => ({
 *     roundTripSeconds: Array.from({ length: 30 }, (_, n) => seconds * (1 + 0.02 * ((n + client) % 5))),
 *     successfulRequests: 30,
 *   }));
 * const cells = [[1, 0.5], [2, 0.6], [4, 1.2], [8, 2.4]].map(([users = 1, seconds = 1]) => ({
 *   ...{ users, thinkTimeSeconds: 0, clients: clients(users, seconds) },
 * }));
 * const model = fitModel(cells, { limitSeconds: 25, seed: 1, replications: 5 });
 * renderJmva(model.parameters, 4, 0).includes('population="4"'); // true
 * ```
 */
export function renderJmva(parameters: ModelParameters, users: number, thinkTimeSeconds: number): string {
  const times = Array.from({ length: users }, (_, index) => 1 / serviceRate(parameters, index + 1));
  const delay = thinkTimeSeconds + parameters.delaySeconds;
  return `<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<model xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="JMTmodel.xsd">
  <parameters>
    <classes number="1">
      <closedclass name="users" population="${users}"/>
    </classes>
    <stations number="2">
      <ldstation name="function host" servers="1">
        <servicetimes>
          <servicetimes customerclass="users">${times.map((time) => time.toPrecision(12)).join(";")}</servicetimes>
        </servicetimes>
        <visits>
          <visit customerclass="users">1.0</visit>
        </visits>
      </ldstation>
      <delaystation name="think time and network">
        <servicetimes>
          <servicetime customerclass="users">${delay}</servicetime>
        </servicetimes>
        <visits>
          <visit customerclass="users">1.0</visit>
        </visits>
      </delaystation>
    </stations>
    <ReferenceStation number="1">
      <Class name="users" refStation="think time and network"/>
    </ReferenceStation>
  </parameters>
  <algParams>
    <algType maxSamples="10000" name="MVA" tolerance="1.0E-7"/>
    <compareAlgs value="false"/>
  </algParams>
</model>
`;
}
