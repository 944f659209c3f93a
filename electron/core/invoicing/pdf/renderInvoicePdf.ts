import type { Content, ContentTable, TableCell, TDocumentDefinitions } from 'pdfmake/interfaces'
import type { DocumentTable, InvoiceDocument, LabelledText } from '../../../../shared/domain/invoiceDocument'
import { loadPrinter } from './printer'

const grey = '#5c5f66'
const rule = '#ced4da'

/** Points: page width by paper, margin left and right, gap between columns. */
const pageWidth = { A4: 595.28, LETTER: 612 } as const
const margin = 48
const gap = 8
/** Quantity, unit price, tax, amount. The description takes the rest; a fixed width makes words without spaces break, too. */
const figureWidths = [48, 80, 44, 84]
const sideWidth = 230

function lineWidths(document: InvoiceDocument): number[] {
  const figures = figureWidths.reduce((sum, width) => sum + width + gap, 0)
  return [pageWidth[document.pageSize] - 2 * margin - figures, ...figureWidths]
}

/** One rule under the header and a fine one under each row, nothing else. */
const ruled = {
  hLineWidth: (index: number) => (index === 0 ? 0 : index === 1 ? 0.8 : 0.4),
  vLineWidth: () => 0,
  hLineColor: () => rule,
  paddingLeft: () => 0,
  paddingRight: (column: number, node: ContentTable) => (column === (node.table.widths?.length ?? 0) - 1 ? 0 : gap),
  paddingTop: () => 5,
  paddingBottom: () => 5,
}

function table(content: DocumentTable, widths: (string | number)[]): Content {
  const cell = (text: string, column: number, header: boolean): TableCell => ({
    text,
    alignment: content.columns[column]?.align ?? 'left',
    ...(header ? { bold: true, color: grey, fontSize: 8 } : {}),
  })
  return {
    table: {
      headerRows: 1,
      keepWithHeaderRows: 1,
      dontBreakRows: true,
      widths,
      body: [
        content.columns.map(({ title }, column) => cell(title, column, true)),
        ...content.rows.map((row) => row.map((text, column) => cell(text, column, false))),
      ],
    },
    layout: ruled,
    margin: [0, 0, 0, 12],
  }
}

function labelled(rows: readonly LabelledText[], widths: (string | number)[]): Content {
  return {
    table: {
      widths,
      body: rows.map(({ label, value, strong }) => [
        { text: label, color: strong ? 'black' : grey, bold: strong },
        { text: value, alignment: 'right', bold: strong },
      ]),
    },
    layout: 'noBorders',
  }
}

function parties(document: InvoiceDocument): Content {
  return {
    columns: [
      {
        width: pageWidth[document.pageSize] - 2 * margin - sideWidth - 24,
        stack: [
          { text: 'Bill to', color: grey, fontSize: 8, bold: true, margin: [0, 0, 0, 2] },
          ...document.billTo.map((text, index) => ({ text, bold: index === 0 })),
        ],
      },
      { width: sideWidth, ...(labelled(document.facts, ['*', 'auto']) as object) } as Content,
    ],
    columnGap: 24,
    margin: [0, 0, 0, 24],
  }
}

function definition(document: InvoiceDocument): TDocumentDefinitions {
  const [name = '', ...seller] = document.seller
  return {
    pageSize: document.pageSize,
    pageMargins: [margin, margin, margin, 56],
    info: { title: document.title, author: name, creator: 'Countinghouse' },
    language: 'en',
    defaultStyle: { font: 'Roboto', fontSize: 9.5, lineHeight: 1.15 },
    ...(document.stamp === null
      ? {}
      : { watermark: { text: document.stamp, color: '#868e96', opacity: 0.18, bold: true, angle: -40 } }),
    content: [
      { text: name, fontSize: 15, bold: true },
      ...seller.map((text): Content => ({ text, color: grey })),
      { text: document.title, fontSize: 20, bold: true, margin: [0, 24, 0, 16] },
      parties(document),
      table(document.lines, lineWidths(document)),
      {
        unbreakable: true,
        columns: [
          { width: '*', text: '' },
          { width: sideWidth, ...(labelled(document.totals, ['*', 'auto']) as object) } as Content,
        ],
      },
      ...(document.taxes === null
        ? []
        : [{ unbreakable: true, stack: [table(document.taxes, [70, 90, 90])], margin: [0, 16, 0, 0] } as Content]),
      ...(document.memo === null ? [] : [{ text: document.memo, margin: [0, 16, 0, 0] } as Content]),
      ...(document.payAt === null
        ? []
        : [
            {
              unbreakable: true,
              margin: [0, 16, 0, 0],
              stack: [
                { text: 'Pay online', bold: true },
                { text: document.payAt, link: document.payAt, color: '#1864ab' },
              ],
            } as Content,
          ]),
    ],
    footer: (page, pages) => ({
      columns: [
        { text: document.title, color: grey, fontSize: 8 },
        { text: `Page ${page} of ${pages}`, alignment: 'right', color: grey, fontSize: 8 },
      ],
      margin: [margin, 16, margin, 0],
    }),
  }
}

/**
 * Draws an invoice as a PDF with an embedded Unicode font (Latin, Greek, Cyrillic, Vietnamese).
 * @returns the bytes of the file
 */
export async function renderInvoicePdf(document: InvoiceDocument): Promise<Buffer> {
  const printer = await loadPrinter()
  return await printer.createPdf(definition(document)).getBuffer()
}
