// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.match;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.table.Finding;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.TableHost;
import dev.stafette.engine.table.types.TableTypes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NameListTest {
    @TempDir
    private Path directory;

    private Finding find(String list, String name) {
        TableHost host = new TableHost(
                TableTypes::open, directory, text -> text, warning -> {}, System::nanoTime, Runnable::run);
        NameList names = NameList.read(List.of(list.split(" ")), host);
        Finding finding = names.find(name, Inquiry.BLOCKING).finding();
        names.close();
        return finding;
    }

    @Test
    void takesTheFirstMatch() {
        assertEquals(Finding.FOUND, find("a b", "b"));
        assertEquals(Finding.FOUND, find("Joe", "jOE"));
        assertEquals(Finding.NOT_FOUND, find("a b", "c"));
        assertEquals(Finding.NOT_FOUND, find("!a static:x", "a"));
        assertEquals(Finding.FOUND, find("!a static:x", "b"));
        assertEquals(Finding.FOUND, find("a !a", "a"));
        assertEquals(Finding.FOUND, find("!!a", "a"));
    }

    @Test
    void asksTables() {
        assertEquals(Finding.FOUND, find("inline:{a=x}", "a"));
        assertEquals(Finding.NOT_FOUND, find("!inline:{a=x} static:y", "a"));
        assertEquals(Finding.UNAVAILABLE, find("fail:x a", "a"));
        assertEquals(Finding.UNAVAILABLE, find("!fail:x a", "a"));
        assertEquals(Finding.FOUND, find("a fail:x", "a"));
        assertThrows(ConfigException.class, () -> find("nosuch:x", "a"));
    }

    @Test
    void readsFiles() throws IOException {
        Path inner = Files.writeString(directory.resolve("inner"), "c !d\n");
        Path outer = Files.writeString(directory.resolve("outer"), "# comment b\na, e\n!" + inner + "\n");
        assertEquals(Finding.FOUND, find(outer.toString(), "e"));
        assertEquals(Finding.NOT_FOUND, find(outer.toString(), "b"));
        assertEquals(Finding.NOT_FOUND, find(outer + " c", "c"));
        assertEquals(Finding.FOUND, find(outer.toString(), "d"));
        assertEquals(Finding.UNAVAILABLE, find(directory + "/missing", "a"));
        Files.writeString(inner, outer.toString());
        assertThrows(ConfigException.class, () -> find(outer.toString(), "a"));
    }
}
