// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.deputy;

import dev.stafette.delivery.identity.FileWork;
import dev.stafette.delivery.identity.Identity;
import dev.stafette.delivery.identity.OwnIdentity;
import dev.stafette.delivery.identity.UserIds;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The account of the process, and with the delivery service's help any other.
 * Thread: any; it waits for the service.
 *
 * <p>The service knows the works of {@code delivery.mailbox} and no others; programs run by a CommandRunner.
 */
public final class DeputyIdentity implements Identity {
    private final OwnIdentity own;
    private final DeputyClient deputy;

    public DeputyIdentity(OwnIdentity own, DeputyClient deputy) {
        this.own = own;
        this.deputy = deputy;
    }

    @Override
    public @Nullable String refusal(UserIds user) {
        return own.refusal(user) == null ? null : deputy.refusal(user);
    }

    @Override
    public <T> T call(UserIds user, FileWork<T> work) throws IOException {
        return own.refusal(user) == null ? work.call() : deputy.call(user, work);
    }

    @Override
    public List<String> programWords(UserIds user) {
        if (own.refusal(user) == null) {
            return List.of();
        }
        throw new IllegalStateException("programs of " + user.name() + " are started by the delivery service");
    }
}
