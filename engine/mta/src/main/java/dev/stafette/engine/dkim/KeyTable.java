// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.dkim;

import dev.stafette.codec.address.DomainName;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The keys of dkim_key_table by their names: a line each, as opendkim's KeyTable has them.
 * Thread: any (it does not change).
 *
 * <pre>
 * # name            domain:selector:file
 * mail._domainkey.a.test  a.test:mail:/etc/stafette/dkim/a.test.mail.private
 * any                     %:mail:/etc/stafette/dkim/any.private
 * </pre>
 */
final class KeyTable {
    /** A bound on what one file makes us read at start. */
    private static final int KEYS_MAX = 100_000;

    private static final int FILE_BYTES_MAX = 64 << 10;
    private static final int PARTS = 3;
    private static final String EXPECTED = "name domain:selector:file";
    /** A selector may be a number, and is a name all the same. */
    private static final String DOMAIN_KEYS = "._domainkey";

    private final Map<String, SigningKey> byName = new LinkedHashMap<>();
    private final Map<String, List<SigningKey>> byDomain = new LinkedHashMap<>();

    /** @throws IOException it cannot be read, or it is wrong: with file, line and what was expected */
    static KeyTable read(Path file, SigningProvider provider) throws IOException {
        KeyTable table = new KeyTable();
        Map<Path, KeyFile> files = new LinkedHashMap<>();
        int number = 0;
        for (String line : Files.readAllLines(file)) {
            number++;
            String text = line.strip();
            if (text.isEmpty() || text.charAt(0) == '#') {
                continue;
            }
            try {
                table.add(text, file, files, provider);
            } catch (IOException | GeneralSecurityException e) {
                throw new IOException(file + ", line " + number + ": " + reason(e), e);
            }
        }
        return table;
    }

    private static String reason(Exception e) {
        if (e instanceof AccessDeniedException denied) {
            return denied.getFile() + " may not be read by the mail system (chown it to mail_owner)";
        }
        return e instanceof FileSystemException missing
                ? "cannot read " + missing.getFile() + (missing.getReason() == null ? "" : ": " + missing.getReason())
                : String.valueOf(e.getMessage());
    }

    private void add(String text, Path table, Map<Path, KeyFile> files, SigningProvider provider)
            throws IOException, GeneralSecurityException {
        String[] words = text.split("\\s+", 2);
        if (words.length < 2) {
            throw new IOException("expected: " + EXPECTED);
        }
        if (byName.size() == KEYS_MAX) {
            throw new IOException("expected: at most " + KEYS_MAX + " keys");
        }
        SigningKey key = key(words[1], table, files, provider);
        if (byName.putIfAbsent(words[0], key) != null) {
            throw new IOException("'" + words[0] + "' stands here twice");
        }
        byDomain.computeIfAbsent(key.domain(), unused -> new ArrayList<>()).add(key);
    }

    /** {@code text}: {@code domain:selector:file}. {@code table}: beside which files without a directory are. */
    static SigningKey key(String text, Path table, Map<Path, KeyFile> files, SigningProvider provider)
            throws IOException, GeneralSecurityException {
        String[] parts = text.split(":", PARTS);
        if (parts.length != PARTS || parts[1].isEmpty() || parts[2].isEmpty()) {
            throw new IOException("expected: " + EXPECTED);
        }
        String domain = parts[0].toLowerCase(Locale.ROOT);
        if (!domain.equals("%") && !DomainName.isHostName(domain)) {
            throw new IOException("'" + parts[0] + "' (expected: a domain, or % for that of the author)");
        }
        if (!DomainName.isHostName(parts[1] + DOMAIN_KEYS)) {
            throw new IOException("'" + parts[1] + "' (expected: a selector, as mail or 2026.mail)");
        }
        // The rest of the line, as the names of files may have blanks.
        Path path = table.resolveSibling(parts[2].strip()).normalize();
        KeyFile file = files.get(path);
        if (file == null) {
            file = file(path, provider);
            files.put(path, file);
        }
        return new SigningKey(domain, parts[1], file, provider);
    }

    private static KeyFile file(Path path, SigningProvider provider) throws IOException, GeneralSecurityException {
        if (Files.size(path) > FILE_BYTES_MAX) {
            throw new IOException(path + " (expected: a key, not more than " + FILE_BYTES_MAX + " bytes)");
        }
        try {
            return KeyFile.read(Files.readString(path), provider);
        } catch (GeneralSecurityException e) {
            throw new GeneralSecurityException(path + ": " + e.getMessage(), e);
        }
    }

    /** In their order. */
    void forEach(BiConsumer<String, SigningKey> listener) {
        byName.forEach(listener);
    }

    @Nullable
    SigningKey named(String name) {
        return byName.get(name);
    }

    /** Of that domain, or of the nearest above it that has any; else those of any domain. */
    List<SigningKey> ofDomain(String domain) {
        String name = domain;
        while (true) {
            List<SigningKey> keys = byDomain.get(name);
            if (keys != null) {
                return keys;
            }
            int dot = name.indexOf('.');
            if (dot < 0) {
                return byDomain.getOrDefault("%", List.of());
            }
            name = name.substring(dot + 1);
        }
    }
}
