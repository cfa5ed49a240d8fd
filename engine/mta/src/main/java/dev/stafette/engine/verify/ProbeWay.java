// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.verify;

import java.util.function.LongConsumer;

/** How probes get into the queue. Thread: event loop. */
interface ProbeWay {
    /**
     * Returns the id of the probe.
     *
     * @param refused hears that id when the probe has not got into the queue; on the loop, and it may be before this returns
     */
    long send(String address, VerifySettings settings, long nowMs, LongConsumer refused);
}
