// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.engine.names.NameQuestions;
import dev.stafette.engine.policy.PolicyServers;

/**
 * Whom checks ask beside tables.
 * Thread: any (a value).
 *
 * @param names the DNS
 * @param policies of this configuration
 */
public record RestrictionSources(NameQuestions names, PolicyServers policies) {}
