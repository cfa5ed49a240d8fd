// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

/**
 * What decides about messages in the queue besides their scheduling.
 * Thread: any (a value).
 *
 * @param softBounce {@code soft_bounce}: what would fail for good is deferred
 * @param delayWarningNs {@code delay_warning_time}; 0: no warnings
 * @param warnsWithoutSender somebody hears of late mail that has no sender
 * @param probesMax {@code address_verify_pending_request_limit}
 */
public record QueueRules(boolean softBounce, long delayWarningNs, boolean warnsWithoutSender, int probesMax) {}
