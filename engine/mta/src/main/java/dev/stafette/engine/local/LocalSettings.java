// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.local;

import dev.stafette.delivery.mailbox.MailboxSettings;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.match.ListTables;
import dev.stafette.engine.rewrite.AddressClasses;
import dev.stafette.engine.rewrite.AddressKeys;
import dev.stafette.engine.table.Table;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What main.cf says of deliveries to this machine's users.
 * Thread: any (a value).
 *
 * @param duplicatesMax so many are remembered
 * @param propagates of what the unmatched extension is passed on: alias, forward, include
 * @param toCommands through what a program may be named: alias, forward, include
 * @param toFiles through what a file may be named
 * @param prepends where Delivered-To is put in front: command, file, forward
 * @param mistake why nothing is delivered with it; null: nothing is wrong
 */
record LocalSettings(
        AliasTables aliases,
        AddressKeys keys,
        String delimiters,
        int duplicatesMax,
        Set<String> propagates,
        Set<String> toCommands,
        Set<String> toFiles,
        Set<String> prepends,
        boolean tellsOriginal,
        boolean freezesDelivered,
        Homes homes,
        Ways ways,
        Programs programs,
        MailboxSettings mailbox,
        @Nullable String mistake) {
    private static final Set<String> SOURCES = Set.of("alias", "forward", "include");

    /**
     * What is in a user's home, and where his mailbox is.
     *
     * @param forwardPath words of forward_path, unexpanded
     * @param required mail waits for a home that is not there
     * @param mailbox below the home; empty: in the spool
     * @param spool of mailboxes
     */
    record Homes(List<String> forwardPath, String forwardFilter, boolean required, String mailbox, String spool) {}

    /**
     * Other ways for mail of users, and for that of unknown ones.
     *
     * @param mailbox mailbox_transport
     * @param fallback fallback_transport
     * @param relay luser_relay, unexpanded
     */
    record Ways(List<Table> mailboxMaps, String mailbox, List<Table> fallbackMaps, String fallback, String relay) {}

    /** {@code command}: mailbox_command. {@code userName}: default_privs. */
    record Programs(List<Table> commandMaps, String command, String userName, CommandSection section) {}

    static LocalSettings of(Settings settings, ListTables tables) {
        return new LocalSettings(
                AliasTables.of(settings, tables),
                AddressKeys.of(settings, AddressClasses.of(settings, tables)),
                settings.text("recipient_delimiter"),
                settings.count("duplicate_filter_limit"),
                Set.copyOf(settings.words("propagate_unmatched_extensions")),
                set(settings, "allow_mail_to_commands", SOURCES),
                set(settings, "allow_mail_to_files", SOURCES),
                set(settings, "prepend_delivered_header", Set.of("command", "file", "forward")),
                settings.flag("enable_original_recipient"),
                settings.flag("frozen_delivered_to"),
                new Homes(
                        words(settings.text("forward_path")),
                        settings.text("forward_expansion_filter"),
                        settings.flag("require_home_directory"),
                        settings.text("home_mailbox"),
                        settings.text("mail_spool_directory")),
                new Ways(
                        settings.tables("mailbox_transport_maps", tables),
                        settings.text("mailbox_transport"),
                        settings.tables("fallback_transport_maps", tables),
                        settings.text("fallback_transport"),
                        settings.text("luser_relay")),
                new Programs(
                        settings.tables("mailbox_command_maps", tables),
                        settings.text("mailbox_command"),
                        settings.text("default_privs"),
                        CommandSection.of(settings)),
                MailboxSection.of(settings, "mailbox_delivery_lock", "mailbox_size_limit"),
                MailboxSection.mistake(settings, "mailbox_size_limit"));
    }

    private static List<String> words(String text) {
        return List.of(text.split("[,\\s]+")).stream()
                .filter(word -> !word.isEmpty())
                .toList();
    }

    private static Set<String> set(Settings settings, String name, Set<String> known) {
        List<String> words = settings.words(name);
        if (!known.containsAll(words)) {
            throw settings.bad(
                    name, "some of " + String.join(", ", known.stream().sorted().toList()));
        }
        return Set.copyOf(words);
    }
}
