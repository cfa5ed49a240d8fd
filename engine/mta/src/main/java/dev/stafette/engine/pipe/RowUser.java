// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.pipe;

import dev.stafette.delivery.identity.UserIds;
import dev.stafette.engine.pickup.Account;
import org.jspecify.annotations.Nullable;

/**
 * As whom a row's program runs, once the machine has been asked.
 * Thread: any (a value).
 *
 * @param ids null: there is no such one, or it must not be that one
 * @param refusal why, in Postfix's words; empty: nothing is wrong
 */
record RowUser(@Nullable UserIds ids, String refusal) {
    /** {@code group}: empty for the user's own. Reads files of the system. */
    static RowUser find(String user, String group) {
        Account account = Account.find(user);
        if (account == null) {
            return refused("unknown username: " + user);
        }
        int gid = group.isEmpty() ? account.groupId() : GroupFile.find(group);
        if (gid == GroupFile.UNKNOWN) {
            return refused("unknown group: " + group);
        }
        if (account.userId() == 0) {
            return refused("user= command-line attribute specifies root privileges");
        }
        return gid == 0
                ? refused("user= command-line attribute specifies privileged group id 0")
                : new RowUser(new UserIds(user, account.userId(), gid), "");
    }

    private static RowUser refused(String why) {
        return new RowUser(null, why);
    }
}
