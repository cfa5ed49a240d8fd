// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.identity;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Does file work and starts programs in an account's name.
 * Thread: any.
 */
public interface Identity {
    /** Why nothing can be done in the name of that account; null: it can. Asked before the other two. */
    @Nullable
    String refusal(UserIds user);

    /** Runs the work on this thread with the rights of that account, and none of others. */
    <T> T call(UserIds user, FileWork<T> work) throws IOException;

    /** What goes in front of a program's words so that it runs in the name of that account; may be empty. */
    List<String> programWords(UserIds user);
}
