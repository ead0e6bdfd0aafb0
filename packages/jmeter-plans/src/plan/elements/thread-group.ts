import { type Node, node } from "./node.ts";
import { boolProp, elementAttributes, stringProp } from "./properties.ts";

/** Users, each of which goes through the group's samplers once. Both numbers may be JMeter functions. */
export function threadGroup(
  numThreads: string,
  rampUpSeconds: string,
  children: readonly Node<"sampler" | "timer" | "listener">[],
): Node<"thread-group"> {
  return node(
    "thread-group",
    {
      tag: "ThreadGroup",
      attributes: elementAttributes("ThreadGroupGui", "ThreadGroup", "Users"),
      children: [
        stringProp("ThreadGroup.on_sample_error", "continue"),
        {
          tag: "elementProp",
          attributes: {
            name: "ThreadGroup.main_controller",
            elementType: "LoopController",
            ...elementAttributes("LoopControlPanel", "LoopController", "Loop Controller"),
          },
          children: [
            boolProp("LoopController.continue_forever", false),
            stringProp("LoopController.loops", 1),
          ],
        },
        stringProp("ThreadGroup.num_threads", numThreads),
        stringProp("ThreadGroup.ramp_time", rampUpSeconds),
        boolProp("ThreadGroup.scheduler", false),
        stringProp("ThreadGroup.duration", ""),
        stringProp("ThreadGroup.delay", ""),
        boolProp("ThreadGroup.same_user_on_next_iteration", true),
      ],
    },
    children,
  );
}
