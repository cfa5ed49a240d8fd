// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.identity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The account of the process and no other.
 * Thread: any.
 */
public final class OwnIdentity implements Identity {
    private final int uid;

    public OwnIdentity(int uid) {
        this.uid = uid;
    }

    public static OwnIdentity ofThisProcess() throws IOException {
        return new OwnIdentity((Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    }

    public int uid() {
        return uid;
    }

    /** Its group is not looked at: a process that may not change it has but one anyway. */
    @Override
    public @Nullable String refusal(UserIds user) {
        return user.uid() == uid
                ? null
                : "cannot act as user " + user.name() + " (uid " + user.uid() + "): this process has uid " + uid
                        + " and no delivery service to ask";
    }

    @Override
    public <T> T call(UserIds user, FileWork<T> work) throws IOException {
        return work.call();
    }

    @Override
    public List<String> programWords(UserIds user) {
        return List.of();
    }
}
