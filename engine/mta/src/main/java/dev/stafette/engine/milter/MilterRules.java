// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.milter;

import dev.stafette.engine.config.Settings;
import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.match.ListTables;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.Table;
import dev.stafette.engine.table.TableAnswer;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Which milters see the mail of a service, and what they are told.
 * Thread: any (it does not change).
 */
public final class MilterRules {
    private static final String LIST = "smtpd_milters";
    private static final String MAPS = "smtpd_milter_maps";

    private static final String OVERRIDES = "receive_override_options";
    private static final String NO_MILTERS = "no_milters";

    /** What a table says where a client's mail is seen by none. */
    private static final String NOBODY = "DISABLE";

    private final Settings settings;
    private final MilterPlace place;
    private final MilterMacros macros;
    private final List<MilterSettings> milters;
    private final List<Table> byClient;

    private MilterRules(Settings settings, MilterPlace place, List<MilterSettings> milters, List<Table> byClient) {
        this.settings = settings;
        this.place = place;
        this.macros = MilterMacros.of(settings);
        this.milters = List.copyOf(milters);
        this.byClient = byClient;
    }

    /** Of a service that clients talk to. {@code tables}: opens those of its lists. */
    public static MilterRules ofServer(Settings settings, ListTables tables, MilterPlace place) {
        return settings.words(OVERRIDES).contains(NO_MILTERS)
                ? new MilterRules(settings, place, List.of(), List.of())
                : new MilterRules(settings, place, parse(LIST, settings, place), settings.tables(MAPS, tables));
    }

    /** Of mail that no client brings; {@code settings}: of the cleanup service. */
    static MilterRules ofSubmissions(Settings settings, MilterPlace place) {
        return new MilterRules(settings, place, parse("non_smtpd_milters", settings, place), List.of());
    }

    private static List<MilterSettings> parse(String name, Settings settings, MilterPlace place) {
        String list = settings.text(name);
        try {
            return list.equalsIgnoreCase(NOBODY)
                    ? List.of()
                    : MilterSettings.parse(list, settings, place.queueDirectory());
        } catch (ConfigException e) {
            ConfigException bad = settings.bad(name, "milters: " + e.getMessage());
            bad.initCause(e);
            throw bad;
        }
    }

    MilterMacros macros() {
        return macros;
    }

    Executor workers() {
        return place.workers();
    }

    /** No mail of the service is seen by any. */
    public boolean areNone() {
        return milters.isEmpty() && byClient.isEmpty();
    }

    List<MilterSettings> milters() {
        return milters;
    }

    /** Those that see the mail of a client; {@code warnings} hears of what a table has that is wrong. */
    public MilterChoice forClient(String address, Inquiry inquiry) {
        for (Table table : byClient) {
            TableAnswer answer = table.lookup(address, inquiry);
            if (answer.isFound()) {
                return new MilterChoice(answer.value());
            }
            if (answer.isUnavailable() || answer.isNotYet()) {
                break;
            }
        }
        return MilterChoice.USUAL;
    }

    /** {@code warnings}: hears what is wrong in a table; then the milters are those of main.cf. */
    List<MilterSettings> chosen(MilterChoice choice, Consumer<String> warnings) {
        String list = choice.list();
        if (list == null) {
            return milters;
        }
        if (list.equalsIgnoreCase(NOBODY)) {
            return List.of();
        }
        try {
            return MilterSettings.parse(list, settings, place.queueDirectory());
        } catch (ConfigException e) {
            warnings.accept(MAPS + ": " + e.getMessage());
            return milters;
        }
    }
}
