// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.comparison;

import dev.stafette.codec.testing.Programs;
import dev.stafette.engine.demo.MtaDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** What Debian's Postfix and ours have in common: a directory to have theirs in, and the world around them. Only root can compare. */
final class ComparedSystems implements BeforeEachCallback, AfterEachCallback {
    private final String name;

    private @Nullable Path parent;
    private @Nullable Surroundings around;

    /** {@code name}: of the directory. */
    ComparedSystems(String name) {
        this.name = name;
    }

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "only root may start Postfix's master");
        Programs.require(PostfixInstance.MASTER);
        parent = MtaDirectory.createParent(Path.of(System.getProperty("java.io.tmpdir")), name);
        around = Surroundings.open(List.of());
    }

    Path parent() {
        return opened(parent);
    }

    Surroundings around() {
        return opened(around);
    }

    private static <T> T opened(@Nullable T known) {
        if (known == null) {
            throw new IllegalStateException("no test is running");
        }
        return known;
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        if (around != null) {
            around.close();
        }
        if (parent != null) {
            MtaDirectory.delete(parent);
        }
    }
}
