// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

/**
 * What administration is about.
 * Thread: any (a value).
 */
public record AdminParts(
        ProcessControl process,
        QueueControl queue,
        ChangeControl changes,
        QueueReader reader,
        MaildropControl maildrop,
        LatencyReport latencies) {}
