// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery;

/** Where the outcome of an attempt goes. Thread: the transport's; it must not block. */
public interface OutcomeListener {
    void onAttempted(DeliveryRequest request, DeliveryReport report);
}
