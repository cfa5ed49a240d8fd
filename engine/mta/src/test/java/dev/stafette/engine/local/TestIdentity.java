// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.local;

import dev.stafette.delivery.identity.FileWork;
import dev.stafette.delivery.identity.Identity;
import dev.stafette.delivery.identity.UserIds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Does as itself what is asked for in the name of any account but one, and remembers for whom. */
final class TestIdentity implements Identity {
    /** Nobody may be this one. */
    static final int FORBIDDEN = 54321;

    private final List<String> asked = new ArrayList<>();

    @Override
    public @Nullable String refusal(UserIds account) {
        return account.uid() == FORBIDDEN ? "cannot act as user " + account.name() : null;
    }

    @Override
    public <T> T call(UserIds account, FileWork<T> work) throws IOException {
        asked.add(account.name() + ' ' + account.uid() + ':' + account.gid());
        return work.call();
    }

    @Override
    public List<String> programWords(UserIds account) {
        return List.of();
    }

    /** {@code name uid:gid}, in the order in which they were asked for. */
    List<String> asked() {
        return asked;
    }
}
