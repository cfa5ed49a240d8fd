// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.testing;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/**
 * A test that has failed once has failed, where the build would try it again: what a crash has lost is lost, however seldom.
 * Thread: the test's.
 */
public final class OneTry implements BeforeEachCallback, TestWatcher {
    private static final Set<String> FAILED = ConcurrentHashMap.newKeySet();

    @Override
    public void beforeEach(ExtensionContext context) {
        if (FAILED.contains(context.getUniqueId())) {
            throw new AssertionError("it has failed before, and has one try");
        }
    }

    @Override
    public void testFailed(ExtensionContext context, Throwable cause) {
        FAILED.add(context.getUniqueId());
    }
}
