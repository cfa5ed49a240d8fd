// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import dev.stafette.codec.address.MailAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** To the recipient's domain, unless the test says otherwise. Thread: the test's. */
final class TestRoutes implements RouteResolver {
    /** Where mail for a domain goes instead. */
    final Map<String, String> moved = new HashMap<>();

    /** Domains of which nothing can be told now. */
    final Set<String> unknown = new HashSet<>();

    boolean isImmediate = true;
    int version;

    @Override
    public @Nullable Route resolve(MailAddress recipient, MailAddress sender) {
        return unknown.contains(recipient.domain())
                ? null
                : new Route("smtp", moved.getOrDefault(recipient.domain(), recipient.domain()));
    }

    @Override
    public Route guess(MailAddress recipient, MailAddress sender) {
        return new Route("smtp", recipient.domain());
    }

    @Override
    public boolean isImmediate() {
        return isImmediate;
    }

    @Override
    public int version() {
        return version;
    }
}
