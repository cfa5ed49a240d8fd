// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.screen;

import dev.stafette.engine.config.Settings;
import dev.stafette.engine.config.syntax.ConfigWords;
import dev.stafette.engine.config.syntax.IpText;
import dev.stafette.engine.match.ListTables;
import dev.stafette.engine.match.NetworkList;
import dev.stafette.engine.table.Finding;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.Table;
import dev.stafette.engine.table.TableAnswer;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Who is welcome, or not, before any test: {@code postscreen_access_list}.
 * Thread: any (it does not change).
 */
final class ScreenAccess {
    private static final String NAME = "postscreen_access_list";

    /** What the list says of a client. */
    enum Access {
        PERMIT,
        REJECT,
        DUNNO
    }

    /** {@code complaint}: for the log, where the list could not be read to its end. */
    record Ruling(Access access, @Nullable String complaint) {}

    /** {@code table}: null for a word. */
    private record Entry(String text, @Nullable Table table) {}

    private static final Ruling PERMIT = new Ruling(Access.PERMIT, null);
    private static final Ruling REJECT = new Ruling(Access.REJECT, null);
    private static final Ruling DUNNO = new Ruling(Access.DUNNO, null);

    private final List<Entry> entries = new ArrayList<>();
    private final NetworkList myNetworks;

    private ScreenAccess(NetworkList myNetworks) {
        this.myNetworks = myNetworks;
    }

    static ScreenAccess of(Settings settings, ListTables tables) {
        ScreenAccess access = new ScreenAccess(settings.networks("mynetworks", tables));
        for (String word : settings.words(NAME)) {
            access.entries.add(new Entry(word, word.indexOf(':') < 0 ? null : tables.open(word)));
        }
        return access;
    }

    Ruling judge(InetAddress client, Inquiry inquiry) {
        for (Entry entry : entries) {
            Ruling ruling = entry.table() == null
                    ? word(entry.text(), NAME, client, inquiry)
                    : table(entry.text(), entry.table(), client, inquiry);
            if (ruling != null) {
                return ruling;
            }
        }
        return DUNNO;
    }

    /** Null: the next word decides. */
    private @Nullable Ruling word(String word, String origin, InetAddress client, Inquiry inquiry) {
        switch (word.toLowerCase(Locale.ROOT)) {
            case "permit":
                return PERMIT;
            case "reject":
                return REJECT;
            case "dunno":
                return DUNNO;
            case "permit_mynetworks":
                Finding found = myNetworks.find(client, null, inquiry);
                if (found == Finding.UNAVAILABLE) {
                    return ignored(origin + ": " + word + ": mynetworks lookup error");
                }
                return found == Finding.FOUND ? PERMIT : null;
            default:
                return ignored(origin + ": unknown command: " + word);
        }
    }

    /** As Postfix has it: who is tested is no worse off than others. */
    private static Ruling ignored(String what) {
        return new Ruling(Access.DUNNO, what + " -- ignoring the remainder of this access list");
    }

    private @Nullable Ruling table(String spec, Table table, InetAddress client, Inquiry inquiry) {
        TableAnswer answer = table.lookup(IpText.format(client), inquiry);
        if (answer.isUnavailable()) {
            return ignored(NAME + ": " + spec + ": table lookup error");
        }
        if (!answer.isFound()) {
            return null;
        }
        for (String word : ConfigWords.split(answer.value())) {
            if (word.indexOf(':') >= 0) {
                return new Ruling(
                        Access.DUNNO,
                        "table " + spec + ": lookup result \"" + word
                                + "\" is not allowed -- ignoring remainder of access list");
            }
            Ruling ruling = word(word, spec, client, inquiry);
            if (ruling != null) {
                // With "dunno" in a table the list goes on.
                return ruling.access() == Access.DUNNO && ruling.complaint() == null ? null : ruling;
            }
        }
        return null;
    }
}
