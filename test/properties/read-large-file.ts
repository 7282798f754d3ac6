// A child process: reads the largest MITS file that an import takes, and prints how many homes it lists.
import { MAX_LISTING_BYTES, readListings } from '../../shared/properties/import/read-listings.ts';

function property(n: number): string {
  return `<Property IDValue="p-${n}">
    <PropertyID><MarketingName>Elm ${n}</MarketingName><Address><AddressLine1>${n + 1} Elm St</AddressLine1><City>Norman</City><State>OK</State></Address></PropertyID>
    <Information><LongDescription>${'A home with a yard &amp; a garage. '.repeat(24)}</LongDescription></Information>
    ${'<File><FileType>Photo</FileType><Src>https://photos.example/1.jpg</Src><Rank>1</Rank></File>'.repeat(8)}
    <ILS_Unit IDValue="u-${n}"><Units><Unit><UnitBedrooms>3</UnitBedrooms><UnitRent>1550</UnitRent></Unit></Units>
    ${'<Amenity AmenityType="Other"><Description>Garage</Description></Amenity>'.repeat(8)}</ILS_Unit></Property>`;
}

const parts = ['<PhysicalProperty>'];
let size = 100;
for (let n = 0; ; n += 1) {
  const next = property(n);
  size += next.length;
  if (size > MAX_LISTING_BYTES) break;
  parts.push(next);
}
const bytes = Buffer.from([...parts, '</PhysicalProperty>'].join(''));
const { listings } = await readListings(bytes, { kind: 'xml', charset: null }, '2026-11-23');
process.stdout.write(JSON.stringify({ bytes: bytes.length, given: parts.length - 1, read: listings.length }));
