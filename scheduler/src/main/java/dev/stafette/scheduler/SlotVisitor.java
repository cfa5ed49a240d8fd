// SPDX-License-Identifier: Apache-2.0
package dev.stafette.scheduler;

/** Is shown slots by a walk. Thread: queue agent. */
public interface SlotVisitor {
    void onSlot(int slot);
}
