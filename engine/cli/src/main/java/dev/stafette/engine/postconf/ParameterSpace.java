// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.postconf;

import dev.stafette.engine.config.Parameter;
import dev.stafette.engine.config.Parameters;
import dev.stafette.engine.config.PostfixNames;
import dev.stafette.engine.postconf.ParameterRow.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Every name that is a parameter: those of our table, those that only Postfix has, those that the services of master.cf
 * bring along, and the user's own.
 * Thread: main.
 */
public final class ParameterSpace {
    private static final String SERVICE = "<transport>";
    /** Of services that run programs, whether they deliver or not. */
    private static final String PROGRAM_TIME = SERVICE + "_time_limit";

    /** Postfix's programs that deliver, which have a set of parameters for each service. */
    private static final List<String> TRANSPORTS = List.of("smtp", "lmtp", "local", "virtual", "error", "pipe");
    /** And those that run programs of others. */
    private static final List<String> RUNNERS = List.of("pipe", "spawn");

    private final Map<String, ParameterRow> rows = new HashMap<>(4096);

    private ParameterSpace() {}

    /** What is there without a configuration. */
    public static ParameterSpace builtin() {
        ParameterSpace space = new ParameterSpace();
        for (PostfixNames.Entry entry : PostfixNames.known().all()) {
            switch (entry.kind()) {
                case LISTED -> space.add(entry, Kind.BUILTIN, false, true);
                case LISTED_RAW -> space.add(entry, Kind.BUILTIN, true, true);
                case SUPERSEDED -> space.add(entry, Kind.USER, false, false);
                case PER_TRANSPORT, GONE -> {
                    // Nobody asks for the first two without a service, and for the last not at all.
                }
            }
        }
        for (Parameter parameter : Parameters.table().all()) {
            if (!parameter.name().startsWith(SERVICE)) {
                space.put(parameter.name(), parameter.defaultText(), Kind.BUILTIN, parameter.isRaw(), true);
            }
        }
        for (String name : MainFile.READ_ONLY) {
            space.put(name, null, Kind.BUILTIN, false, true);
        }
        return space;
    }

    private void add(PostfixNames.Entry entry, Kind kind, boolean isRaw, boolean isListed) {
        put(entry.name(), entry.defaultText(), kind, isRaw, isListed);
    }

    private void put(String name, @Nullable String defaultText, Kind kind, boolean isRaw, boolean isListed) {
        rows.put(name, new ParameterRow(name, defaultText, kind, isRaw, isListed));
    }

    /** Adds what every service of that program has. */
    public void addServices(List<ServiceLine> services) {
        for (ServiceLine service : services) {
            boolean delivers = TRANSPORTS.contains(service.program());
            boolean runs = RUNNERS.contains(service.program());
            for (Parameter parameter : Parameters.table().all()) {
                if (parameter.name().equals(PROGRAM_TIME)
                        ? runs
                        : delivers && parameter.name().startsWith(SERVICE)) {
                    addService(service.name() + parameter.name().substring(SERVICE.length()), parameter.defaultText());
                }
            }
            for (PostfixNames.Entry entry : PostfixNames.known().all()) {
                if (entry.kind() == PostfixNames.Kind.PER_TRANSPORT && delivers) {
                    addService(service.name() + entry.name(), entry.defaultText());
                }
            }
        }
    }

    /** A name that is there already, such as local_destination_recipient_limit, keeps its default. */
    private void addService(String name, @Nullable String defaultText) {
        ParameterRow known = rows.get(name);
        put(name, known == null ? defaultText : known.defaultText(), Kind.SERVICE, false, true);
    }

    void addUser(String name) {
        put(name, null, Kind.USER, false, true);
    }

    @Nullable
    ParameterRow find(String name) {
        return rows.get(name);
    }

    boolean has(String name) {
        return rows.containsKey(name);
    }

    /** As Postfix sorts them: by the bytes of their names. */
    List<ParameterRow> sorted() {
        List<ParameterRow> sorted = new ArrayList<>(rows.values());
        Collections.sort(sorted, BY_NAME);
        return sorted;
    }

    private static final Comparator<ParameterRow> BY_NAME = new Comparator<>() {
        @Override
        public int compare(ParameterRow left, ParameterRow right) {
            return left.name().compareTo(right.name());
        }
    };
}
