// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.dns;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.TLSARecord;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/**
 * The types of records that can be asked for, and what they become: one line a type.
 * Thread: any (constants).
 *
 * @param <T> one record of it
 */
public final class DnsType<T> {
    public static final DnsType<InetAddress> A = new DnsType<>(Type.A, DnsType::address);
    public static final DnsType<InetAddress> AAAA = new DnsType<>(Type.AAAA, DnsType::address);
    public static final DnsType<String> CNAME =
            new DnsType<>(Type.CNAME, record -> text(((CNAMERecord) record).getTarget()));
    public static final DnsType<String> NS = new DnsType<>(Type.NS, record -> text(((NSRecord) record).getTarget()));
    public static final DnsType<String> PTR = new DnsType<>(Type.PTR, record -> text(((PTRRecord) record).getTarget()));
    public static final DnsType<MxRecord> MX = new DnsType<>(Type.MX, DnsType::exchange);
    /** The strings of one record joined, as all that mail asks for wants them (RFC 7208 §3.3); one char a byte. */
    public static final DnsType<String> TXT = new DnsType<>(Type.TXT, DnsType::joined);

    public static final DnsType<SrvRecord> SRV = new DnsType<>(Type.SRV, DnsType::service);
    public static final DnsType<TlsaRecord> TLSA = new DnsType<>(Type.TLSA, DnsType::association);

    private final int code;
    private final Function<Record, T> reader;

    private DnsType(int code, Function<Record, T> reader) {
        this.code = code;
        this.reader = reader;
    }

    int code() {
        return code;
    }

    /** The record is of this type. */
    T read(Record record) {
        return reader.apply(record);
    }

    /** Without the host's name, which dnsjava would leave in it. */
    private static InetAddress address(Record record) {
        try {
            return InetAddress.getByAddress(record.rdataToWireCanonical());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("dnsjava reads no address that has neither 4 nor 16 bytes", e);
        }
    }

    private static MxRecord exchange(Record record) {
        MXRecord mx = (MXRecord) record;
        return new MxRecord(mx.getPriority(), text(mx.getTarget()));
    }

    private static String joined(Record record) {
        List<byte[]> strings = ((TXTRecord) record).getStringsAsByteArrays();
        StringBuilder all = new StringBuilder();
        strings.forEach(bytes -> all.append(new String(bytes, StandardCharsets.ISO_8859_1)));
        return all.toString();
    }

    private static SrvRecord service(Record record) {
        SRVRecord srv = (SRVRecord) record;
        return new SrvRecord(srv.getPriority(), srv.getWeight(), srv.getPort(), text(srv.getTarget()));
    }

    private static TlsaRecord association(Record record) {
        TLSARecord tlsa = (TLSARecord) record;
        return TlsaRecord.of(
                tlsa.getCertificateUsage(),
                tlsa.getSelector(),
                tlsa.getMatchingType(),
                tlsa.getCertificateAssociationData());
    }

    /** In lower case without the final dot; what is no plain character stands as an escape (RFC 1035 §5.1). */
    static String text(Name name) {
        return name.equals(Name.root) ? "" : name.toString(true).toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return Type.string(code);
    }
}
