// What the titles of columns mean, in the languages that asset lists come in. A title is guessed, shown and corrected; the
// guess only has to be right mostly.
import { ASSET_FIELD_NAMES, type AssetFieldName, type ColumnMapping } from '@interlock/model';
import { hostnameValue, ipValue, macValue } from '../values.ts';

/** Titles as they are after `plain`, separated by bars: English, German, then French, Spanish, Italian, Dutch, Swedish, Polish. */
const TITLES: Readonly<Record<AssetFieldName, string>> = {
  ip: 'ip|ip address|ip addresses|ipaddress|ipaddr|ip addr|ipv4|ipv4 address|ipv4address|ip v4|address|net address|network address|primary ip|primary ip4|primary ipv4|primary ip address|management ip|mgmt ip|mgmt address|management address|host ip|device ip|last ip|current ip|lan ip|ip adresse|ipadresse|ip adressen|ip adr|ipadr|ipv4 adresse|netzwerkadresse|adresse|adresse ip|ip de l equipement|direccion ip|direccion|indirizzo ip|indirizzo|ip adres|ip adress|adres ip|adresa ip|ipv6|ipv6 address|ipv6 adresse',
  mac: 'mac|mac address|mac addresses|macaddress|mac addr|macaddr|physical address|hardware address|hw address|ethernet address|ethernet mac|wired mac|lan mac|burned in address|mac adresse|macadresse|mac adr|mac id|physikalische adresse|hardwareadresse|adresse mac|adresse physique|direccion mac|direccion fisica|indirizzo mac|mac adres|mac adress|adres mac',
  hostname:
    'hostname|host name|host|fqdn|dns name|dns|computer name|computername|netbios name|netbios|system name|sysname|node name|machine name|device dns name|rechnername|rechner|computer|hostnamen|dns eintrag|pc name|nom d hote|nom hote|nom dns|nombre de host|nombre del equipo|nome host|hostnaam|computernaam|vardnamn|nazwa hosta',
  name: 'name|device name|devicename|asset name|asset|device|label|display name|friendly name|equipment|equipment name|tag|tag name|title|machine|instance name|entity name|bezeichnung|gerat|geratename|geraete name|geratebezeichnung|anlage|anlagenname|komponente|maschine|betriebsmittel|objekt|kurzbezeichnung|benennung|anlagenteil|nom|designation|equipement|appareil|nom de l equipement|nom de l appareil|nombre|equipo|dispositivo|activo|nome|apparecchio|apparato|naam|apparaat|namn|enhet|nazwa|urzadzenie',
  assetId:
    'asset id|assetid|asset tag|assettag|asset number|asset no|asset nr|id|uid|inventory number|inventory id|inventory no|inventory nr|inventory tag|equipment id|equipment number|equipment no|ci id|cmdb id|sap number|device id|tag number|barcode|inventarnummer|inventar nr|inventarnr|inventar|anlagennummer|anlagen nr|anlagennr|equipmentnummer|equipment nr|equipmentnr|geratenummer|gerate nr|gerate id|lfd nr|nr|numero d inventaire|no inventaire|numero de inventario|id activo|numero inventario|codice cespite|inventarisnummer|inventarienummer|numer inwentarzowy',
  plant:
    'plant designation|bmk|betriebsmittelkennzeichen|betriebsmittelkennzeichnung|anlagenkennzeichen|anlagenkennzeichnung|akz|kks|ortskennzeichen|reference designation|equipment tag|functional location|technischer platz|technischer platz sap|repere|repere fonctionnel|kennzeichen|kennzeichnung|device tag|plc tag|loop tag',
  vendor:
    'vendor|vendor name|manufacturer|manufacturer name|maker|make|brand|oem|supplier|producer|company|hersteller|herstellername|fabrikat|marke|lieferant|anbieter|fabricant|constructeur|marque|fabricante|marca|proveedor|produttore|costruttore|fornitore|fabrikant|merk|leverancier|tillverkare|leverantor|producent',
  model:
    'model|model name|modelname|model number|model no|device model|product|product name|productname|product type|platform|hardware|hardware model|hw model|type designation|device type model|modell|modellbezeichnung|modellname|produkt|produktname|typ|typenbezeichnung|typbezeichnung|typenschild|geratetyp|geratetype|type|hardware typ|modele|produit|modelo|producto|modello|prodotto|model nummer|typaanduiding|modellnamn|typbeteckning',
  orderNumber:
    'order number|order no|order nr|order code|ordering code|ordernumber|part number|partnumber|part no|part nr|pn|p n|sku|mlfb|catalog number|catalogue number|cat no|article number|article no|article|item number|item no|product number|product code|reference|material number|material no|bestellnummer|bestell nr|bestellnr|best nr|artikelnummer|artikel nr|artikelnr|artikel|teilenummer|teile nr|materialnummer|material nr|sachnummer|typnummer|typ nr|bestellnummer mlfb|reference produit|numero de commande|reference fabricant|numero de parte|referencia|codigo|codice articolo|codice ordine|codice|bestelnummer|onderdeelnummer|artnr|numer katalogowy',
  serial:
    'serial|serial number|serialnumber|serial no|serial nr|serialno|serial num|sn|s n|service tag|device serial|chassis serial|seriennummer|serien nr|seriennr|fabriknummer|fabrik nr|fabriknr|herstellnummer|fertigungsnummer|ser nr|numero de serie|no de serie|no serie|n de serie|serie|numero de serial|numero di serie|matricola|seriale|serienummer|serie nummer|numer seryjny',
  firmware:
    'firmware|firmware version|firmwareversion|fw|fw version|fw rev|firmware revision|firmware rev|firmware level|revision|rev|firmwarestand|fw stand|firmware stand|firmwareausgabe|ausgabestand firmware|version firmware|version du firmware|version de firmware|versione firmware|firmwareversie|version micrologiciel|wersja oprogramowania ukladowego',
  hardwareVersion:
    'hardware version|hw version|hardware revision|hw revision|hw rev|hardware rev|hardwareversion|hardwarestand|hw stand|erzeugnisstand|funktionsstand|es|fs|version materielle|version de hardware|versione hardware|hardwareversie',
  software:
    'software|software version|sw version|sw|application version|softwareversion|softwarestand|version|version logicielle|version logiciel|version de software|versione software|softwareversie|programmversion',
  os: 'os|os name|operating system|operatingsystem|os version|os type|betriebssystem|bs|systemsoftware|systeme d exploitation|sistema operativo|besturingssysteem|operativsystem|system operacyjny',
  type: 'device type|devicetype|asset type|asset class|asset category|category|class|kind|role|device role|function|equipment type|device category|device class|family|geratetyp kategorie|gerateart|geratekategorie|gerateklasse|kategorie|klasse|art|rolle|funktion|anlagentyp|geratefunktion|categorie|type d equipement|fonction|categoria|tipo|tipo de dispositivo|rol|funcion|ruolo|funzione|soort|apparaattype|typ av enhet|rodzaj',
  location:
    'location|site|place|room|building|area|zone|cell|line|cabinet|rack|floor|department|installation location|physical location|plant|hall|production line|standort|ort|einbauort|aufstellort|aufstellungsort|raum|gebaude|halle|bereich|schaltschrank|schrank|linie|anlage ort|werk|abteilung|etage|stockwerk|emplacement|localisation|lieu|site de production|batiment|atelier|armoire|ubicacion|sitio|edificio|sala|armario|planta|posizione|ubicazione|reparto|quadro|locatie|ruimte|gebouw|kast|plats|placering|lokalizacja|miejsce',
  contact:
    'owner|contact|responsible|responsible person|custodian|assigned to|asset owner|system owner|technical contact|administrator|user|verantwortlich|verantwortlicher|verantwortliche|ansprechpartner|ansprechperson|besitzer|eigentumer|zustandig|kontakt|betreuer|benutzer|responsable|proprietaire|contact technique|propietario|contacto|responsabile|proprietario|contatto|eigenaar|verantwoordelijke|contactpersoon|ansvarig|wlasciciel',
  description:
    'description|comment|comments|remark|remarks|note|notes|details|info|purpose|beschreibung|bemerkung|bemerkungen|kommentar|notiz|notizen|anmerkung|hinweis|zweck|description de l equipement|commentaire|remarque|remarques|descripcion|comentario|observaciones|notas|descrizione|commento|osservazioni|omschrijving|opmerking|opmerkingen|beskrivning|kommentarer|anteckning|opis|uwagi',
  criticality:
    'criticality|criticity|critical|priority|importance|business impact|impact|protection need|security level|sl|risk class|kritikalitat|kritisch|prioritat|wichtigkeit|schutzbedarf|schutzbedarfsklasse|risikoklasse|criticite|priorite|criticidad|prioridad|criticita|priorita|kritikaliteit|prioriteit|kriticitet|krytycznosc',
  lifeCycle:
    'status|state|lifecycle|life cycle|lifecycle status|lifecycle state|operational status|asset status|zustand|betriebszustand|lebenszyklus|lebenszyklusstatus|anlagenstatus|etat|statut|estado|ciclo de vida|stato|ciclo di vita|toestand|levenscyclus',
  uuid: 'uuid|guid|system uuid|device uuid|bios uuid',
  stationName:
    'profinet name|profinet station name|station name|stationname|pn name|pn device name|profinet device name|name of station|profinet name of station|profinetname|profinet geratename|pn geratename|stationsname|nom de station profinet',
  vlan: 'vlan|vlan id|vlanid|vlan number|vid|vlan nr|vlan nummer|access vlan',
  mask: 'subnet mask|netmask|mask|subnet|subnetzmaske|subnetmask|netzmaske|maske|subnetz|masque|masque de sous reseau|mascara|mascara de subred|maschera|maschera di sottorete|subnetmasker',
  router:
    'gateway|default gateway|router|default router|standardgateway|standard gateway|std gateway|passerelle|passerelle par defaut|puerta de enlace|gateway predefinito|standaardgateway',
  ports:
    'ports|open ports|port|services|open services|listening ports|offene ports|dienste|ports ouverts|puertos|porte|porte aperte|poorten',
};

const FIELD_OF_TITLE: ReadonlyMap<string, AssetFieldName> = new Map(
  ASSET_FIELD_NAMES.flatMap((field) => TITLES[field].split('|').map((title) => [title, field] as const)),
);
/** Words that settle a longer title: "IP-Adresse (Leitnetz)", "S/N des Geräts". Tried in this order. */
const TELLING: readonly (readonly [RegExp, AssetFieldName])[] = [
  [/\bmac\b|mac adr|macaddr/, 'mac'],
  [/\bipv?[46]?\b|\bip adr/, 'ip'],
  [/\bfirmware\b|\bfw\b|micrologiciel/, 'firmware'],
  [/\bserien?(nummer|nr)?\b|\bserial\b|\bserienr|matricola|numero de serie/, 'serial'],
  [/\bhersteller|\bmanufacturer|\bvendor|fabricant|fabricante|produttore/, 'vendor'],
  [/bestell ?(nr|nummer)|artikel ?(nr|nummer)|part (number|no)|order (number|no)|\bmlfb\b/, 'orderNumber'],
  [/hostname|\bdns\b|\bfqdn\b/, 'hostname'],
  [/betriebssystem|operating system|\bos\b/, 'os'],
  [/\bmodell?\b|\bmodel[eo]?\b/, 'model'],
  [/standort|einbauort|\blocation\b|emplacement|ubicacion|\braum\b|\broom\b/, 'location'],
  [/\bvlan\b/, 'vlan'],
  [/inventar|asset (id|tag|n)|inventory/, 'assetId'],
];
/** Never shown, never read: a list is a place where passwords are written down. */
const SECRET =
  /pass ?wor[dt]|passwd|kennwort|\bpwd?\b|passphrase|\bsecret|\bgeheim|community|\btoken\b|api ?key|private ?key|credential|zugangsdaten|mot de passe|contrasena|wachtwoord|losenord|haslo|\bpin\b|\bpuk\b|\bpsk\b/;

/** A title in small letters, without accents and signs, its words with one space between. */
export function plain(title: string): string {
  return title
    .replace(/ß/g, 'ss')
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

export const isSecretTitle = (title: string): boolean => SECRET.test(plain(title));

/** The field a title names; undefined where none is known. */
export function fieldOfTitle(title: string): AssetFieldName | undefined {
  const text = plain(title);
  if (text === '' || SECRET.test(text)) return undefined;
  const joined = text.replaceAll(' ', '');
  // Umlauts are also written with an e: Geraetename.
  const known =
    FIELD_OF_TITLE.get(text) ??
    FIELD_OF_TITLE.get(joined) ??
    FIELD_OF_TITLE.get(text.replace(/([ao])e(?=[^u])/g, '$1'));
  return known ?? TELLING.find(([pattern]) => pattern.test(text))?.[1];
}

/** Share of a column's cells that must be addresses for its content to outweigh its title. */
const MOST_ARE = 0.6;

/**
 * What the columns of a table hold. In: their titles and first rows. Titles come first, then what the cells look like;
 * of several columns for one field the first is taken, except for addresses, of which a device has several.
 */
export function guessMapping(titles: readonly string[], rows: readonly (readonly string[])[]): ColumnMapping {
  const mapping: Record<string, AssetFieldName> = {};
  const taken = new Set<AssetFieldName>();
  const put = (title: string, field: AssetFieldName): void => {
    if (mapping[title] !== undefined || (taken.has(field) && field !== 'ip' && field !== 'mac')) return;
    mapping[title] = field;
    taken.add(field);
  };
  const open: string[] = [];
  for (const [i, title] of titles.entries()) {
    if (isSecretTitle(title)) continue;
    const cells = rows.map((row) => row[i]?.trim() ?? '').filter((cell) => cell !== '');
    const share = (is: (cell: string) => boolean) => (cells.length === 0 ? 0 : cells.filter(is).length / cells.length);
    const field = fieldOfTitle(title);
    if (share((cell) => macValue(cell) !== undefined) > MOST_ARE) put(title, 'mac');
    else if (
      field !== 'mask' &&
      field !== 'router' &&
      share((cell) => ipValue(cell.split(/[\s;,]/, 1)[0] ?? '') !== undefined) > MOST_ARE
    )
      put(title, field === undefined || field === 'ip' || field === 'hostname' || field === 'name' ? 'ip' : field);
    else if (field !== undefined && (field !== 'ip' || cells.length === 0 || share((cell) => /\d/.test(cell)) > 0))
      put(title, field);
    else open.push(title);
  }
  // A list with names but without a column of host names: what has no space in it is one.
  for (const [title, field] of Object.entries(mapping)) {
    if (field !== 'name' || taken.has('hostname')) continue;
    const i = titles.indexOf(title);
    const cells = rows.map((row) => row[i]?.trim() ?? '').filter((cell) => cell !== '');
    if (cells.length > 2 && cells.every((cell) => /[.-]/.test(cell) && hostnameValue(cell) !== undefined))
      mapping[title] = 'hostname';
  }
  return mapping;
}
