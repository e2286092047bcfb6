import { beforeAll, describe, expect, it } from 'vitest';
import type { UndertoneAnalyzer } from '../../src/analysis/index.js';
import { loadAnalyzer } from '../../src/lexicons/analyzer.js';

let analyzer: UndertoneAnalyzer;
beforeAll(async () => {
  analyzer = await loadAnalyzer();
});

const score = (language: string, text: string): number => analyzer.analyze(text, { language }).sentiment.score;

describe('a negation turns the sign', () => {
  it.each([
    ['en', 'I am happy with it', 'I am not happy with it'],
    ['en', 'The staff were helpful', "The staff weren't helpful"],
    ['en', 'I would recommend this shop', 'I would never recommend this shop'],
    ['en', 'This is a good product', 'This is not a good product'],
    ['de', 'Ich bin zufrieden', 'Ich bin nicht zufrieden'],
    ['de', 'Das ist eine gute Qualität', 'Das ist keine gute Qualität'],
    ['de', 'Das gefällt mir', 'Das gefällt mir nicht'],
    ['de', 'Ich kann den Laden empfehlen', 'Ich kann den Laden nicht empfehlen'],
    ['sv', 'Jag är nöjd', 'Jag är inte nöjd'],
    ['sv', 'Det var en bra upplevelse', 'Det var ingen bra upplevelse'],
    ['sv', 'Jag kan rekommendera butiken', 'Jag kan inte rekommendera butiken'],
    ['th', 'สินค้าดี', 'สินค้าไม่ดี'],
    ['th', 'ชอบร้านนี้', 'ไม่ชอบร้านนี้'],
    ['th', 'คุ้มราคา', 'ไม่คุ้มราคา'],
    ['sr', 'Zadovoljna sam kupovinom', 'Nisam zadovoljna kupovinom'],
    ['sr', 'Preporučujem ovu prodavnicu', 'Ne preporučujem ovu prodavnicu'],
    ['sr', 'Производ је добар', 'Производ није добар'],
    ['id', 'Barangnya bagus', 'Barangnya tidak bagus'],
    ['id', 'Saya puas', 'Saya nggak puas'],
    ['id', 'Penjualnya ramah', 'Penjualnya gak ramah'],
    ['pt', 'Gostei do produto', 'Não gostei do produto'],
    ['pt', 'Eu recomendo esta loja', 'Eu não recomendo esta loja'],
    ['pt', 'O atendimento foi bom', 'O atendimento não foi bom'],
    ['es', 'Estoy contento con la compra', 'No estoy contento con la compra'],
    ['es', 'Recomiendo esta tienda', 'No recomiendo esta tienda'],
    ['fr', 'Je suis satisfaite', 'Je ne suis pas satisfaite'],
    ['fr', 'Je recommande ce magasin', 'Je ne recommande pas ce magasin'],
    ['it', 'Sono soddisfatto', 'Non sono soddisfatto'],
    ['it', 'Consiglio questo negozio', 'Non consiglio questo negozio'],
    ['nl', 'Ik ben tevreden', 'Ik ben niet tevreden'],
    ['nl', 'Ik kan deze winkel aanraden', 'Ik kan deze winkel niet aanraden'],
    ['da', 'Jeg er tilfreds', 'Jeg er ikke tilfreds'],
    ['da', 'Jeg kan anbefale butikken', 'Jeg kan ikke anbefale butikken'],
    ['nb', 'Jeg er fornøyd', 'Jeg er ikke fornøyd'],
    ['nb', 'Jeg kan anbefale butikken', 'Jeg kan ikke anbefale butikken'],
  ])('%s: %s / %s', (language, positive, negative) => {
    expect(score(language, positive)).toBeGreaterThan(0);
    expect(score(language, negative)).toBeLessThan(0);
  });
});

describe('plain facts around an opinion do not change its label', () => {
  const texts: [language: string, label: 'positive' | 'negative', opinion: string, facts: string][] = [
    ['en', 'negative', 'The zip broke after two days, what a waste of money', 'I ordered it on Monday.'],
    ['en', 'positive', 'Excellent quality and it fits perfectly, love it', 'It is the blue one in size 12.'],
    ['de', 'negative', 'Nach zwei Tagen kaputt, rausgeworfenes Geld', 'Ich habe am Montag bestellt.'],
    ['de', 'positive', 'Hervorragende Qualität und passt perfekt, ich bin begeistert', 'Es ist die blaue in Größe 38.'],
    ['sv', 'negative', 'Gick sönder efter två dagar, bortkastade pengar', 'Jag beställde i måndags.'],
    ['sv', 'positive', 'Fantastisk kvalitet och sitter perfekt, älskar den', 'Det är den blå i storlek 38.'],
    ['th', 'negative', 'ใช้สองวันก็พัง เสียดายเงินมาก', 'สั่งไปวันจันทร์'],
    ['th', 'positive', 'คุณภาพดีมาก ใส่พอดี ชอบมาก', 'สั่งสีน้ำเงิน ไซส์แอล'],
    ['sr', 'negative', 'Pokvarilo se posle dva dana, bačen novac', 'Naručila sam u ponedeljak.'],
    ['sr', 'positive', 'Odličan kvalitet i savršeno stoji, oduševljena sam', 'Uzela sam plavu u veličini 38.'],
    ['id', 'negative', 'Baru dua hari sudah rusak, buang-buang uang', 'Saya pesan hari Senin.'],
    ['id', 'positive', 'Kualitasnya bagus banget dan pas dipakai, suka sekali', 'Saya ambil yang warna biru ukuran L.'],
    ['pt', 'negative', 'Quebrou em dois dias, dinheiro jogado fora', 'Pedi na segunda-feira.'],
    ['pt', 'positive', 'Qualidade excelente e serviu perfeitamente, amei', 'Comprei o azul no tamanho 38.'],
  ];
  it.each(texts)('%s, %s: %s', (language, label, opinion, facts) => {
    for (const text of [opinion, `${facts} ${opinion}`, `${opinion}. ${facts}`, `${facts} ${opinion}. ${facts}`]) {
      expect(analyzer.analyze(text, { language }).sentiment.label, text).toBe(label);
    }
  });
});

describe('what everybody types', () => {
  it.each([
    ['capitals', 'en', 'THIS SHOP IS TERRIBLE', 'this shop is terrible'],
    ['no accents', 'pt', 'otimo atendimento, adorei', 'ótimo atendimento, adorei'],
    ['stretched words', 'id', 'baguuuuus bangettt', 'bagus banget'],
    ['full-width letters', 'en', 'Ｇｒｅａｔ service', 'Great service'],
    ['a typographic apostrophe', 'en', 'It doesn’t work', "It doesn't work"],
  ])('%s', (_name, language, typed, plain) => {
    expect(Math.sign(score(language, typed))).toBe(Math.sign(score(language, plain)));
    expect(score(language, typed)).not.toBe(0);
  });
});
