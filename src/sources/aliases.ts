/** Usual column names -> our fields. Compared without case, accents, spaces and punctuation. */
import type { Field } from '../config.js';

/**
 * How sure a name makes us: 0.95 the name a known service exports, 0.85 a plain word for exactly this,
 * 0.6 a word that often means this, 0.4 one that may. Where two columns fit a field, the surer wins.
 */
type Confidence = 0.95 | 0.85 | 0.6 | 0.4;

const NAMES: [Field, Confidence, string][] = [
  // Exports of Google Play, Trustpilot, Amazon, WooCommerce, Judge.me, Qualtrics, SurveyMonkey, Zendesk, Intercom, App Store Connect ...
  ['text', 0.95, 'review text, review body, review content, comment content, plain body, body text, source.body, attributes.body, comments.0.userComment.text'],
  ['title', 0.95, 'review title, review headline, raw subject, source.subject, attributes.title'],
  ['rating', 0.95, 'star rating, review stars, review rating, attributes.rating, comments.0.userComment.starRating'],
  ['csat', 0.95, 'csat score, satisfaction rating, satisfaction_rating.score, conversation_rating.rating'],
  ['createdAt', 0.95, 'review submit date and time, review created (utc), review created, comment date gmt, recorded date, created at, attributes.createdDate, submitted at, comments.0.userComment.lastModified.seconds'],
  ['id', 0.95, 'review id, response id, respondent id, comment id, ticket id, conversation id, feedback id'],
  ['language', 0.95, 'reviewer language, user language, comments.0.userComment.reviewerLanguage'],
  ['product', 0.95, 'product id, product sku, package name, asin'],
  ['channel', 0.95, 'via.channel, source of review, distribution channel'],
  ['customer', 0.95, 'customer id, requester id, review consumer user id, source.author.id, consumer.id, consumer id, contact id'],
  ['url', 0.95, 'review link, review url, permalink'],
  // English
  ['text', 0.85, 'text, review, comment, comments, feedback, body, content, message, customer message, customer comment, verbatim, open-ended response, free text'],
  ['text', 0.6, 'description, remark, remarks, answer, response, reason, note, notes, opinion, question, main reason'],
  ['text', 0.4, 'conversation_rating.remark, satisfaction_rating.comment'],
  ['title', 0.85, 'title, subject, headline, heading'],
  ['title', 0.6, 'summary'],
  ['rating', 0.85, 'rating, stars, star, review score'],
  ['rating', 0.4, 'grade, points, score'],
  ['nps', 0.85, 'nps, nps score, net promoter score, likelihood to recommend, recommend score'],
  ['csat', 0.85, 'csat, satisfaction, satisfaction score, customer satisfaction, customer satisfaction score'],
  ['ces', 0.85, 'ces, ces score, effort, effort score, customer effort, customer effort score'],
  ['createdAt', 0.85, 'created, created on, creation date, created date, date created, review date, comment date, response date, submission date, submit date, timestamp, datetime, date, date and time'],
  ['createdAt', 0.6, 'time, day, answered at, answered, completed at, end date, posted, posted at, received, received at, closed at, submitted, review time, published at, ts'],
  ['createdAt', 0.4, 'start date, created_utc, review last update date and time'],
  ['id', 0.85, 'id, external id, uid, uuid, guid, record id, record key'],
  ['id', 0.6, 'survey id, ticket, ticket number, case id, case number, number, ref, reference, token, key'],
  ['language', 0.85, 'language, lang, language code, review language'],
  ['language', 0.6, 'locale'],
  ['product', 0.85, 'product, product name, item, item name, sku, article, product handle, product title'],
  ['product', 0.6, 'app, service, plan, model'],
  ['channel', 0.85, 'channel, feedback channel'],
  ['channel', 0.6, 'platform, source, origin, medium'],
  ['customer', 0.85, 'customer, requester, user id, client id, author id, reviewer id, customer number, account id, buyer id, customer email'],
  ['customer', 0.6, 'user, email, email address, reviewer email, review user email, client, buyer'],
  ['customer', 0.4, 'name, author, reviewer, reviewer name, username, user name, review username, comment author'],
  ['kind', 0.85, 'kind, feedback type, feedback kind, record type'],
  ['url', 0.85, 'url, link'],
  // German
  ['text', 0.85, 'kommentar, bewertungstext, freitext, nachricht, rezension, rückmeldung, kundenkommentar, anmerkung'],
  ['text', 0.6, 'inhalt, beschreibung, meinung, begründung, bewertung, antwort, anliegen'],
  ['title', 0.85, 'titel, betreff, überschrift'],
  ['rating', 0.85, 'sterne, sternebewertung, note'],
  ['rating', 0.6, 'bewertung, punkte'],
  ['nps', 0.85, 'weiterempfehlung, weiterempfehlungsbereitschaft'],
  ['csat', 0.85, 'zufriedenheit, kundenzufriedenheit'],
  ['ces', 0.85, 'aufwand, kundenaufwand'],
  ['createdAt', 0.85, 'datum, erstellt, erstellt am, erstelldatum, bewertungsdatum, eingegangen am, zeitstempel'],
  ['id', 0.85, 'nummer, kennung, bewertungs-id, ticketnummer, vorgangsnummer'],
  ['language', 0.85, 'sprache'],
  ['product', 0.85, 'produkt, artikel, artikelnummer, produktname'],
  ['channel', 0.85, 'kanal'],
  ['customer', 0.85, 'kunde, kundennummer, kunden-id, kundennr'],
  // Swedish
  ['text', 0.85, 'kommentar, omdöme, recension, fritext, meddelande, synpunkt, återkoppling'],
  ['text', 0.6, 'beskrivning, åsikt, svar, innehåll'],
  ['title', 0.85, 'rubrik, ämne'],
  ['rating', 0.85, 'betyg, stjärnor'],
  ['nps', 0.85, 'rekommendation, rekommenderar'],
  ['csat', 0.85, 'nöjdhet, kundnöjdhet'],
  ['ces', 0.85, 'ansträngning'],
  ['createdAt', 0.85, 'skapad, skapad den, skapat, tidpunkt, tidsstämpel'],
  ['id', 0.85, 'ärende, ärendenummer, löpnummer'],
  ['language', 0.85, 'språk'],
  ['product', 0.85, 'vara, artikelnamn'],
  ['customer', 0.85, 'kund, kundnummer, kund-id'],
  // Portuguese and Spanish
  ['text', 0.85, 'comentário, comentários, comentario, comentarios, texto, opinião, opinión, reseña, mensagem, mensaje, resenha, relato, reclamação, reclamo'],
  ['text', 0.6, 'descrição, descripción, avaliação, valoración, conteúdo, contenido, resposta, respuesta, motivo'],
  ['title', 0.85, 'título, assunto, asunto'],
  ['rating', 0.85, 'nota, estrelas, estrellas, calificación, puntuación'],
  ['rating', 0.6, 'avaliação, valoración, pontuação'],
  ['nps', 0.85, 'recomendação, recomendación'],
  ['csat', 0.85, 'satisfação, satisfacción'],
  ['ces', 0.85, 'esforço, esfuerzo'],
  ['createdAt', 0.85, 'data, fecha, criado em, data de criação, creado, creado el, fecha de creación, data da avaliação, data e hora, fecha y hora, marca temporal, carimbo de data/hora'],
  ['id', 0.85, 'código, identificador, número, protocolo'],
  ['language', 0.85, 'idioma, língua, lengua'],
  ['product', 0.85, 'produto, producto, artículo'],
  ['channel', 0.85, 'canal'],
  ['customer', 0.85, 'cliente, id do cliente, id cliente, id del cliente, usuário, usuario'],
  // Indonesian
  ['text', 0.85, 'ulasan, komentar, teks, pesan, keluhan, masukan, isi ulasan'],
  ['text', 0.6, 'deskripsi, isi, pendapat, alasan, jawaban'],
  ['title', 0.85, 'judul, subjek, perihal'],
  ['rating', 0.85, 'bintang, penilaian, peringkat'],
  ['rating', 0.6, 'nilai, skor'],
  ['csat', 0.85, 'kepuasan, kepuasan pelanggan'],
  ['nps', 0.85, 'rekomendasi'],
  ['ces', 0.85, 'usaha, kemudahan'],
  ['createdAt', 0.85, 'tanggal, dibuat, dibuat pada, tanggal dibuat, tanggal ulasan, waktu, cap waktu'],
  ['id', 0.85, 'nomor, nomor tiket, id ulasan'],
  ['language', 0.85, 'bahasa'],
  ['product', 0.85, 'produk, barang, nama produk'],
  ['channel', 0.85, 'saluran'],
  ['customer', 0.85, 'pelanggan, id pelanggan, pengguna, pembeli'],
  // Serbian, both scripts
  ['text', 0.85, 'komentar, tekst, utisak, recenzija, poruka, žalba, коментар, текст, утисак, рецензија, порука'],
  ['text', 0.6, 'opis, mišljenje, odgovor, опис, мишљење'],
  ['title', 0.85, 'naslov, tema, predmet, наслов, предмет'],
  ['rating', 0.85, 'ocena, ocjena, zvezdice, оцена'],
  ['nps', 0.85, 'preporuka, препорука'],
  ['csat', 0.85, 'zadovoljstvo, задовољство'],
  ['ces', 0.85, 'napor, напор'],
  ['createdAt', 0.85, 'kreirano, vreme, датум, vreme kreiranja'],
  ['id', 0.85, 'broj, šifra, број, шифра'],
  ['language', 0.85, 'jezik, језик'],
  ['product', 0.85, 'proizvod, производ'],
  ['channel', 0.85, 'канал'],
  ['customer', 0.85, 'kupac, korisnik, klijent, купац, корисник'],
  // French
  ['text', 0.85, 'commentaire, commentaires, texte, avis, message, contenu, verbatim client, remarque'],
  ['text', 0.6, 'réponse, motif, évaluation'],
  ['title', 0.85, 'titre, sujet, objet'],
  ['rating', 0.85, 'étoiles, nombre d’étoiles'],
  ['rating', 0.6, 'évaluation'],
  ['nps', 0.85, 'recommandation'],
  ['csat', 0.85, 'satisfaction client'],
  ['createdAt', 0.85, 'créé le, date de création, date avis, horodatage, horodateur'],
  ['id', 0.85, 'identifiant, numéro'],
  ['language', 0.85, 'langue'],
  ['product', 0.85, 'produit, article'],
  ['customer', 0.85, 'client, identifiant client, id client'],
  // Thai
  ['text', 0.85, 'ข้อความ, รีวิว, ความคิดเห็น'],
  ['title', 0.85, 'หัวข้อ'],
  ['rating', 0.85, 'คะแนน, ดาว'],
  ['createdAt', 0.85, 'วันที่, เวลา'],
  ['language', 0.85, 'ภาษา'],
  ['product', 0.85, 'สินค้า'],
  ['channel', 0.85, 'ช่องทาง'],
  ['customer', 0.85, 'ลูกค้า'],
]; // prettier-ignore

/** Questions people ask, where the header is the question. */
const QUESTIONS: [Field, Confidence, RegExp][] = [
  ['nps', 0.6, /likely.*recommend|wahrscheinlich.*empfehl|sannolikt.*rekommender|recomendar|recommander|merekomendasikan|preporu[cč]/i],
  ['csat', 0.6, /how satisfied|wie zufrieden|hur nöjd|quão satisfeit|qué tan satisfech|seberapa puas|koliko ste zadovoljn|satisfait/i],
  ['ces', 0.6, /how easy|made it easy|wie einfach|hur enkelt|quão fácil|qué tan fácil|seberapa mudah/i],
  [
    'text',
    0.6,
    /main reason|why did you|tell us more|anything else|(additional|other) (comments|feedback)|how (can|could) we improve|warum|berätta|varför|por que|por qué|pourquoi|mengapa|zašto/i,
  ],
];

export interface Alias {
  field: Field;
  confidence: number;
}

/** Letters and digits only, without case and accents: `Erstellt am` and `erstellt_am` are one name. */
export function normaliseName(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replaceAll('đ', 'dj')
    .replace(/[^\p{L}\p{N}]/gu, '');
}

const ALIASES = new Map<string, Alias[]>();
for (const [field, confidence, names] of NAMES) {
  for (const name of names.split(',')) {
    const key = normaliseName(name);
    const known = ALIASES.get(key) ?? [];
    if (!known.some((alias) => alias.field === field)) known.push({ field, confidence });
    ALIASES.set(key, known);
  }
}

/** Fields that a column of this name may hold, surest first; empty for an unknown name. */
export function aliasesOf(name: string): Alias[] {
  const known = ALIASES.get(normaliseName(name)) ?? [];
  if (known.length > 0) return [...known].sort((a, b) => b.confidence - a.confidence);
  return QUESTIONS.filter(([, , pattern]) => pattern.test(name)).map(([field, confidence]) => ({ field, confidence }));
}
