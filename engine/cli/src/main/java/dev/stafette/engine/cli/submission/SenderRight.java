// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.submission;

import dev.stafette.codec.address.AddressList;
import dev.stafette.codec.address.MailAddress;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.config.syntax.LocalHost;
import dev.stafette.engine.match.ListTables;
import dev.stafette.engine.rewrite.AddressClasses;
import dev.stafette.engine.rewrite.AddressKeys;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.TableAnswer;
import dev.stafette.engine.table.TableHost;
import dev.stafette.engine.table.types.OpenTables;
import dev.stafette.engine.table.types.TableTypes;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Which envelope senders a user of this machine may name ({@code local_login_sender_maps}), and how postdrop says so.
 * Thread: main.
 *
 * @param status 0: the user may
 * @param reason empty when the user may
 */
record SenderRight(int status, String reason) {
    private static final String PARAMETER = "local_login_sender_maps";
    private static final List<String> ANY_SENDER = List.of("static:*");
    static final SenderRight GIVEN = new SenderRight(0, "");
    /** Of Postfix's cleanup: something is wrong here, and somebody may not do that. */
    private static final int STATUS_WRITE = 2;

    private static final int STATUS_NO_PERMISSION = 512;

    private static final String EVERYTHING = "*";
    /** What is in quotes is not split. */
    private static final Pattern WORD = Pattern.compile("(?:[^\\s,\"]|\"(?:\\\\.|[^\"\\\\])*\"?)+");

    /** The user may not; else it may be that nobody knows. */
    boolean isDenied() {
        return status == STATUS_NO_PERMISSION;
    }

    /** {@code sender}: as it goes into the file, unquoted. */
    static SenderRight of(SubmissionSettings settings, String sender) {
        List<String> specs = settings.main().words(PARAMETER);
        if (specs.equals(ANY_SENDER)) {
            return GIVEN;
        }
        String name = LocalHost.userName();
        String user = name.equals("?") ? "uid:" + LocalHost.userId() : name;
        return of(user, sender, settings.main(), settings.directory());
    }

    static SenderRight of(String user, String sender, Settings settings, Path directory) {
        TableHost host = new TableHost(
                TableTypes::open, directory, settings::expand, warning -> {}, System::nanoTime, Runnable::run);
        try (OpenTables tables = new OpenTables(host)) {
            TableAnswer answer = AddressKeys.findKey(settings.tables(PARAMETER, tables), user, Inquiry.BLOCKING);
            if (answer.isUnavailable()) {
                return new SenderRight(
                        STATUS_WRITE, PARAMETER + " table lookup error for '" + settings.text(PARAMETER) + "'");
            }
            if (answer.isFound() && isListed(answer.value(), sender, settings)) {
                return GIVEN;
            }
            return new SenderRight(STATUS_NO_PERMISSION, "not authorized to use sender='" + sender + "'");
        }
    }

    private static boolean isListed(String patterns, String sender, Settings settings) {
        String nobody = settings.text("empty_address_local_login_sender_maps_lookup_key");
        int at = sender.lastIndexOf('@');
        String domain = at < 0 ? "" : sender.substring(at).toLowerCase(Locale.ROOT);
        return WORD.matcher(patterns)
                .results()
                .map(found -> found.group())
                .anyMatch(pattern -> pattern.startsWith("@")
                        ? pattern.toLowerCase(Locale.ROOT).equals(domain)
                        : pattern.equals(EVERYTHING)
                                || (pattern.equalsIgnoreCase(nobody)
                                        ? sender.isEmpty()
                                        : pattern.equalsIgnoreCase(withoutExtension(sender, settings))));
    }

    /** Quoted where it has to be. */
    private static String withoutExtension(String sender, Settings settings) {
        int at = sender.lastIndexOf('@');
        String localPart = at < 0 ? sender : sender.substring(0, at);
        AddressKeys keys = AddressKeys.of(settings, AddressClasses.of(settings, ListTables.UNOPENED));
        String user = localPart.substring(0, keys.userLength(localPart));
        return at < 0
                ? AddressList.split(user).external()
                : MailAddress.of(user, sender.substring(at + 1)).external();
    }
}
