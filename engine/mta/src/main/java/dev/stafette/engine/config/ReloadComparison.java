// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config;

import dev.stafette.engine.config.Parameter.Applies;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds what a reload cannot do: parameters that the table has for a restart, and services that come or go.
 * Thread: reload.
 */
final class ReloadComparison {
    private final Configuration inUse;
    private final Configuration wanted;

    ReloadComparison(Configuration inUse, Configuration wanted) {
        this.inUse = inUse;
        this.wanted = wanted;
    }

    List<String> run() {
        List<String> changes = new ArrayList<>();
        for (Parameter parameter : Parameters.table().all()) {
            if (parameter.applies() == Applies.RESTART && !parameter.isPerTransport()) {
                String name = parameter.name();
                if (!inUse.settings().text(name).equals(wanted.settings().text(name))) {
                    changes.add(wanted.originOf(name) + ": parameter '" + name + "' has changed: that needs a restart");
                }
            }
        }
        Map<String, ServiceRow> before = rows(inUse);
        Map<String, ServiceRow> after = rows(wanted);
        after.forEach((key, row) -> {
            if (!before.containsKey(key)) {
                changes.add(row.origin() + ": service '" + key + "' is new: that needs a restart");
            }
        });
        before.forEach((key, row) -> {
            if (!after.containsKey(key)) {
                changes.add(row.origin() + ": service '" + key + "' has gone: that needs a restart");
            }
        });
        return changes;
    }

    private static Map<String, ServiceRow> rows(Configuration configuration) {
        Map<String, ServiceRow> rows = new LinkedHashMap<>();
        for (ServiceRow row : configuration.services()) {
            rows.put(row.name() + "/" + row.type().text(), row);
        }
        return rows;
    }
}
