import type { ModelParameters } from "../station/parameters.ts";
import { serviceRate } from "../station/parameters.ts";

/**
 * The model as a file that JMVA of Java Modelling Tools opens: a closed class, a load-dependent station
 * (its service time per number of requests, total work rate kept) and a delay for think time and network.
 *
 * @see JMT User Manual, chapter JMVA: load-dependent stations give the service time for each queue length
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
