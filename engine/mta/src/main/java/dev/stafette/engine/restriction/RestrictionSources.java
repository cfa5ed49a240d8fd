// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.engine.names.NameQuestions;
import dev.stafette.engine.policy.PolicyServers;
import dev.stafette.engine.verify.AddressVerifier;

/**
 * Whom checks ask beside tables.
 * Thread: any (a value).
 *
 * @param names the DNS
 * @param policies of this configuration
 * @param addresses whether they are deliverable
 */
public record RestrictionSources(NameQuestions names, PolicyServers policies, AddressVerifier addresses) {}
