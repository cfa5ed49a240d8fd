// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

/** The queue that Postfix would have a message in. Thread: any (a value). */
public enum MessageQueue {
    ACTIVE,
    DEFERRED,
    HOLD
}
