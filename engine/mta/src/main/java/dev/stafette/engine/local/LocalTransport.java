// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.local;

import dev.stafette.delivery.DeliveryRequest;
import dev.stafette.delivery.Transport;
import dev.stafette.delivery.identity.Identity;
import dev.stafette.delivery.identity.UserIds;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.match.ListTables;
import dev.stafette.engine.rewrite.AddressKeys;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Delivers to this machine's users: Postfix's local(8).
 * Thread: any; a worker delivers.
 */
public final class LocalTransport extends MailboxDelivery {
    private final LocalSettings settings;
    private final LocalParts parts;
    private final LocalParts.Services services;
    private final UserAccounts accounts;

    LocalTransport(
            String service,
            String program,
            LocalSettings settings,
            LocalParts parts,
            LocalParts.Services services,
            UserAccounts accounts) {
        super(service, program, parts.room());
        this.settings = settings;
        this.parts = parts;
        this.services = services;
        this.accounts = accounts;
    }

    /** {@code program}: as the log calls it. {@code services}: those that mail can be given to. */
    public static Transport of(
            String service,
            String program,
            Settings settings,
            ListTables tables,
            LocalParts parts,
            LocalParts.Services services) {
        return new LocalTransport(
                service, program, LocalSettings.of(settings, tables), parts, services, UserAccounts.ofMachine());
    }

    LocalSettings settings() {
        return settings;
    }

    LocalParts parts() {
        return parts;
    }

    MailboxRoom room() {
        return parts.room();
    }

    Identity identity() {
        return parts.room().identity();
    }

    UserAccounts accounts() {
        return accounts;
    }

    LocalParts.Services services() {
        return services;
    }

    /** As whom files are written and programs run; where nobody has been chosen, as default_privs says. Null: it names nobody. */
    @Nullable
    UserIds idsFor(@Nullable UserAccount rights) throws IOException {
        if (rights != null && rights.ids().uid() != 0) {
            return rights.ids();
        }
        String name = settings.programs().userName();
        UserAccount nobody = accounts.find(name);
        if (nobody == null || nobody.ids().isPrivileged()) {
            warn("default_privs: unknown or privileged user: " + name);
            return null;
        }
        return nobody.ids();
    }

    @Override
    AddressKeys keys() {
        return settings.keys();
    }

    @Override
    void attempt(OpenRequest open, MailboxTurn turn) {
        if (settings.mistake() != null) {
            warn("fatal: " + settings.mistake());
            deferAll(open, "mail transport unavailable");
            return;
        }
        DeliveryRequest request = open.request();
        DeliveredBefore before;
        try {
            before = DeliveredBefore.read(request.body());
        } catch (IOException e) {
            deferAll(open, "error reading message: " + e.getMessage());
            return;
        }
        for (int i = 0; i < open.recipientCount(); i++) {
            int place = i;
            new LocalAttempt(this, request, request.recipients()[i], before, turn)
                    .run(outcome -> open.put(place, outcome));
        }
    }
}
