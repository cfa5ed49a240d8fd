// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

import dev.stafette.engine.metrics.Metrics;

/**
 * What administration is about.
 * Thread: any (a value).
 */
public record AdminParts(
        ProcessControl process,
        AdministeredQueue queue,
        AdministeredChanges changes,
        MaildropQueue maildrop,
        Metrics metrics) {}
