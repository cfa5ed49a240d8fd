// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.local;

import dev.stafette.delivery.mailbox.MailboxSettings;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.match.ListTables;
import dev.stafette.engine.rewrite.AddressClasses;
import dev.stafette.engine.rewrite.AddressKeys;
import dev.stafette.engine.table.Table;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What main.cf says of mailboxes of users without an account.
 * Thread: any (a value).
 *
 * @param tellsOriginal whom the sender asked for stands in front of a message
 * @param mistake why nothing is delivered with it; null: nothing is wrong
 */
record VirtualSettings(
        String base,
        List<Table> mailboxes,
        List<Table> userIds,
        List<Table> groupIds,
        int userIdMin,
        AddressKeys keys,
        MailboxSettings mailbox,
        boolean tellsOriginal,
        @Nullable String mistake) {
    static VirtualSettings of(Settings settings, ListTables tables) {
        String base = settings.text("virtual_mailbox_base");
        String mistake = base.startsWith("/")
                ? MailboxSection.mistake(settings, "virtual_mailbox_limit")
                : "do not specify relative pathname: virtual_mailbox_base = " + base;
        return new VirtualSettings(
                base,
                settings.tables("virtual_mailbox_maps", tables),
                settings.tables("virtual_uid_maps", tables),
                settings.tables("virtual_gid_maps", tables),
                settings.count("virtual_minimum_uid"),
                AddressKeys.of(settings, AddressClasses.of(settings, tables)),
                MailboxSection.of(settings, "virtual_mailbox_lock", "virtual_mailbox_limit"),
                settings.flag("enable_original_recipient"),
                mistake);
    }
}
