// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.tls;

import dev.stafette.delivery.tls.Authorities;
import dev.stafette.delivery.tls.KeyChain;
import dev.stafette.delivery.tls.PemFiles;
import dev.stafette.delivery.tls.TlsException;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.config.syntax.LentFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;

/**
 * Keys and authorities in the files that parameters name.
 * Thread: start-up and reload.
 */
public final class TlsFiles {
    private TlsFiles() {}

    public static PemFiles pem(Settings settings) {
        LentFiles lent = settings.lentFiles();
        return new PemFiles(file -> settings.host().read(lent.place(Path.of(file))));
    }

    /** A ConfigException names the parameter, too. */
    public static <T> T named(String parameter, Supplier<T> reading) {
        try {
            return reading.get();
        } catch (TlsException e) {
            throw new ConfigException("parameter '" + parameter + "': " + e.getMessage());
        }
    }

    public static List<KeyChain> chains(Settings settings, KeyParameters names) {
        List<String> files = settings.words(names.chains());
        PemFiles pem = pem(settings);
        List<KeyChain> chains = new ArrayList<>();
        if (!files.isEmpty()) {
            chains.addAll(named(names.chains(), () -> KeyChain.readAll(pem, files)));
            chains.sort(Comparator.comparing(KeyChain::algorithm));
            return chains;
        }
        for (int i = 0; i < names.certificates().size(); i++) {
            String name = names.certificates().get(i);
            String certificates = settings.text(name);
            if (!certificates.isEmpty() && !certificates.equalsIgnoreCase("none")) {
                String key = settings.text(names.keys().get(i));
                chains.add(named(name, () -> KeyChain.read(pem, certificates, key)));
            }
        }
        return chains;
    }

    /** The parameters have a file, a directory with one certificate a file, and how long a chain may be. */
    public static Authorities authorities(Settings settings, String fileName, String directoryName, String depthName) {
        List<X509Certificate> named = new ArrayList<>();
        List<X509Certificate> unnamed = new ArrayList<>();
        PemFiles pem = pem(settings);
        String file = settings.text(fileName);
        if (!file.isEmpty()) {
            named.addAll(TlsFiles.named(fileName, () -> pem.certificates(file)));
        }
        String directory = settings.text(directoryName);
        if (!directory.isEmpty()) {
            for (String entry : hashed(directoryName, directory)) {
                unnamed.addAll(TlsFiles.named(directoryName, () -> pem.certificates(entry)));
            }
        }
        if (settings.flag("tls_append_default_CA")) {
            unnamed.addAll(ofSystem("tls_append_default_CA"));
        }
        return new Authorities(named, unnamed, settings.count(depthName));
    }

    /** Those that the system trusts. */
    public static Authorities systemAuthorities(Settings settings) {
        return new Authorities(List.of(), ofSystem("tls_mta_sts_enable"), settings.count("smtp_tls_scert_verifydepth"));
    }

    private static List<X509Certificate> ofSystem(String parameter) {
        PemFiles pem = new PemFiles(file -> Files.readString(Path.of(file), StandardCharsets.ISO_8859_1));
        return Authorities.SYSTEM_FILES.stream()
                .filter(name -> Files.isReadable(Path.of(name)))
                .findFirst()
                .map(name -> named(parameter, () -> pem.certificates(name)))
                .orElse(List.of());
    }

    /** The files that {@code openssl rehash} has made, as OpenSSL looks for no others. */
    private static List<String> hashed(String parameter, String directory) {
        List<String> files = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of(directory), "*.[0-9]*")) {
            for (Path entry : entries) {
                if (entry.getFileName().toString().matches("[0-9a-f]{8}\\.[0-9]+")) {
                    files.add(entry.toString());
                }
            }
        } catch (IOException e) {
            throw new ConfigException(
                    "parameter '" + parameter + "': " + directory + ": cannot be read: " + e.getMessage());
        }
        return files;
    }
}
