// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.policy;

import java.time.Duration;

/**
 * How a policy server is asked.
 * Thread: any (a value).
 *
 * @param timeout {@code smtpd_policy_service_timeout}: to connect, and again from a request to its answer
 * @param idleMax {@code smtpd_policy_service_max_idle}
 * @param lifeMax {@code smtpd_policy_service_max_ttl}
 * @param requestLimit {@code smtpd_policy_service_request_limit}: of one connection; 0: none
 * @param tryLimit {@code smtpd_policy_service_try_limit}
 * @param retryDelay {@code smtpd_policy_service_retry_delay}
 */
public record PolicySettings(
        Duration timeout, Duration idleMax, Duration lifeMax, int requestLimit, int tryLimit, Duration retryDelay) {}
