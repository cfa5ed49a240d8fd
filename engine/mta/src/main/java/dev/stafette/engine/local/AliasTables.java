// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.local;

import dev.stafette.delivery.mailbox.FileFacts;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.match.ListTables;
import dev.stafette.engine.table.Finding;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.Table;
import dev.stafette.engine.table.TableAnswer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The tables of {@code alias_maps}, and who wrote them: what they say is done with his rights.
 * Thread: any (it does not change); it asks tables and waits for them.
 */
final class AliasTables {
    private static final String PROXY = "proxy:";
    private static final String OWNER_PREFIX = "owner-";

    private final List<One> all;
    private final boolean ownersSpecial;
    private final boolean expandsOwner;
    private final boolean resetsOwner;

    /** @param spec as main.cf names it */
    record One(String spec, Table table) {
        /** 0 where it is not a file: then nobody but the administrator has written it. Throws when the file is not there. */
        int ownerId() throws IOException {
            String type = spec.startsWith(PROXY) ? spec.substring(PROXY.length()) : spec;
            String path = type.substring(type.indexOf(':') + 1);
            if (!path.startsWith("/")) {
                return 0;
            }
            for (String ending : List.of(".db", ".cdb", ".lmdb")) {
                Path indexed = Path.of(path + ending);
                if (indexed.toFile().exists()) {
                    return FileFacts.of(indexed).uid();
                }
            }
            return FileFacts.of(Path.of(path)).uid();
        }
    }

    private AliasTables(List<One> all, boolean ownersSpecial, boolean expandsOwner, boolean resetsOwner) {
        this.all = all;
        this.ownersSpecial = ownersSpecial;
        this.expandsOwner = expandsOwner;
        this.resetsOwner = resetsOwner;
    }

    static AliasTables of(Settings settings, ListTables tables) {
        List<String> specs = settings.words("alias_maps");
        List<Table> opened = settings.tables("alias_maps", tables);
        List<One> all = new ArrayList<>(specs.size());
        for (int i = 0; i < specs.size(); i++) {
            all.add(new One(specs.get(i), opened.get(i)));
        }
        return new AliasTables(
                all,
                settings.flag("owner_request_special"),
                settings.flag("expand_owner_alias"),
                settings.flag("reset_owner_alias"));
    }

    List<One> all() {
        return all;
    }

    /** The first answer that is not no. */
    TableAnswer find(String name) {
        for (One one : all) {
            TableAnswer answer = one.table().lookup(name, Inquiry.BLOCKING);
            if (answer.finding() != Finding.NOT_FOUND) {
                return answer;
            }
        }
        return TableAnswer.notFound();
    }

    /** Who hears of failures of that list: not found where nobody does but the sender. */
    TableAnswer ownerOf(String name) {
        if (!ownersSpecial) {
            return TableAnswer.notFound();
        }
        String owner = OWNER_PREFIX + name;
        TableAnswer found = find(owner);
        return found.isFound() && !expandsOwner ? TableAnswer.found(owner) : found;
    }

    /** An alias without an owner has none, even within a list that has one. */
    boolean resetsOwner() {
        return resetsOwner;
    }
}
