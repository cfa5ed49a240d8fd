// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.sts;

import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Knows what domains publish. Thread: any. */
public interface PublishedPolicies {
    /** Answers on the loop, at once where it can; null: there is none. {@code domain}: in lower case and ASCII form. */
    void find(Executor loop, String domain, Consumer<@Nullable StsPolicy> then);
}
